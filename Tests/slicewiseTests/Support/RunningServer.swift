import Foundation
import FoundationNetworking
import Testing

/// `slicewise serve` as a process on a free port.
final class RunningServer: @unchecked Sendable {
    let process: Process
    /// Its addresses, as it printed them.
    let addresses: [String]
    /// The first of them.
    var address: String { addresses[0] }

    /// Starts it, perhaps with a limit on open files or memory, and waits until it says that it answers, at so many
    /// addresses.
    init(
        data: URL, flags: [String] = [], files: Int? = nil, in group: ControlGroup? = nil,
        log: FileHandle = .nullDevice,
        addresses count: Int = 1
    ) async throws {
        let process = try Program.process(
            ["serve", "--port", "0", "--data", data.path] + flags, [:], nil, files: files, in: group)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = log
        try process.run()
        let text = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var text = Data()
                while text.count(where: { $0 == UInt8(ascii: "\n") }) < count {
                    let chunk = output.fileHandleForReading.availableData
                    if chunk.isEmpty { break }
                    text += chunk
                }
                continuation.resume(returning: String(decoding: text, as: UTF8.self))
            }
        }
        self.process = process
        let prefix = "listening on "
        let lines = text.split(whereSeparator: \.isNewline)
        try #require(
            lines.count == count && lines.allSatisfy { $0.hasPrefix(prefix + "http") }, "the server said \(text)")
        addresses = lines.map { String($0.dropFirst(prefix.count).prefix { $0 != " " }) }
    }

    var port: Int? { address.split(separator: ":").last.flatMap { Int($0) } }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Sends a signal and waits for the end; gives back the exit status.
    func stop(by number: Int32) async -> Int32 { await process.end(by: number) }

    /// The status and the body of a call's answer.
    func call(
        _ method: String, _ path: String, _ body: Data? = nil, token: String? = nil, headers: [String: String] = [:]
    ) async throws -> (status: Int, body: Data) {
        var request = URLRequest(url: try #require(URL(string: address.replacing("0.0.0.0", with: "127.0.0.1") + path)))
        request.httpMethod = method
        request.httpBody = body
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        return (try #require(response as? HTTPURLResponse).statusCode, data)
    }

    /// The same with JSON going in and coming out.
    func json(_ method: String, _ path: String, _ body: String? = nil) async throws -> [String: Any] {
        let answer = try await call(method, path, body.map { Data($0.utf8) })
        try #require((200..<300).contains(answer.status), "\(path): \(String(decoding: answer.body, as: UTF8.self))")
        return try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
    }

    /// The tensors of a model of the project `p`, without what its file says of the time that it took.
    func tensors(of model: String) async throws -> Data {
        let file = try await call("GET", "/v1/projects/p/models/\(model)/weights").body
        let head = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        return Data(file.dropFirst(8 + head))
    }
}
