import Foundation
import FoundationNetworking
import HTTP
import Jobs
import TestSupport

/// Asks a server through a real socket, as any program would.
struct SocketClient: Sendable {
    let port: Int

    struct NoAnswer: Error {}

    func callAsFunction(
        _ method: HTTP.Method = .get, _ target: String, headers: [String: String] = [:], _ body: [UInt8]? = nil
    ) async throws -> Reply {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(target)") else { throw NoAnswer() }
        var request = URLRequest(url: url, timeoutInterval: 300)
        request.httpMethod = method.rawValue
        request.httpBody = body.map { Data($0) }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw NoAnswer() }
        var fields = Headers()
        for (name, value) in response.allHeaderFields { fields.add("\(name)", "\(value)") }
        return Reply(status: response.statusCode, headers: fields, body: [UInt8](data))
    }

    func callAsFunction(_ method: HTTP.Method, _ target: String, _ text: String) async throws -> Reply {
        try await self(method, target, headers: ["Content-Type": "application/json"], Array(text.utf8))
    }
}

extension APIFixture {
    /// Serves on a free port and works on jobs while the body runs, then stops both and waits for that.
    func serving(_ body: @Sendable (SocketClient) async throws -> Void) async throws {
        try await withRunning {
            try await jobs.run()
        } _: {
            try await withServer(router.freeze()) { try await body(SocketClient(port: $0)) }
        }
    }
}
