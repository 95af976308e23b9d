internal import Foundation
internal import FoundationNetworking

/// An HTTP client for calls to a running server.
struct Client: Sendable {
    let base: String
    private let session: URLSession

    /// `base` is the server's address, `http://127.0.0.1:8080` for instance.
    init(base: String) {
        self.base = base
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 600
        session = URLSession(configuration: configuration)
    }

    /// Sends a request and returns the body of the response; a status other than 2xx is an error.
    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: Data? = nil, type: String = "application/octet-stream"
    ) async throws -> Data {
        var request = try request(method, path)
        request.httpBody = body
        if body != nil { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        let (data, response) = try await session.data(for: request)
        return try checked(data, response, "\(method) \(path)")
    }

    /// Sends a file as a stream.
    @discardableResult
    func send(_ method: String, _ path: String, file: URL) async throws -> Data {
        var request = try request(method, path)
        request.setValue("application/octet-stream", forHTTPHeaderField: "Content-Type")
        let (data, response) = try await session.upload(for: request, fromFile: file)
        return try checked(data, response, "\(method) \(path)")
    }

    /// Sends and receives JSON.
    func json<Answer: Decodable>(
        _ method: String, _ path: String, _ body: (any Encodable)? = nil, as: Answer.Type = Answer.self
    ) async throws -> Answer {
        let data = try await send(method, path, body.map { try JSONEncoder().encode($0) }, type: "application/json")
        do {
            return try JSONDecoder().decode(Answer.self, from: data)
        } catch {
            throw CommandError(
                "\(method) \(path) sent an unreadable response: \(String(decoding: data.prefix(300), as: UTF8.self))"
            )
        }
    }

    private func request(_ method: String, _ path: String) throws -> URLRequest {
        guard let url = URL(string: base + path) else { throw CommandError("\(base)\(path) is not a valid address") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        return request
    }

    private func checked(_ data: Data, _ response: URLResponse, _ call: String) throws -> Data {
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else {
            struct Problem: Decodable { var detail: String? }
            let detail = (try? JSONDecoder().decode(Problem.self, from: data))?.detail
            throw CommandError(
                "\(call) failed with status \(status): \(detail ?? String(decoding: data.prefix(300), as: UTF8.self))")
        }
        return data
    }
}
