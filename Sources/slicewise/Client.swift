internal import Foundation
internal import FoundationNetworking

/// An HTTP client for calls to a running server.
struct Client: Sendable {
    let base: String
    private let token: String?
    private let session: URLSession

    /// `base` is the server's address, `http://127.0.0.1:8080` for instance; `patience` are the seconds after which a
    /// server that is silent is given up.
    init(base: String, token: String? = nil, patience: Double = 600) {
        self.base = base
        self.token = token
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = patience
        configuration.urlCache = nil
        session = URLSession(configuration: configuration)
    }

    /// Sends a request and returns the body of the response; a status other than 2xx is an error.
    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: Data? = nil, type: String = "application/octet-stream"
    ) async throws -> Data {
        let (status, data) = try await answer(method, path, body, type: type)
        return try checked(data, status, "\(method) \(path)")
    }

    /// The status and the body of the response.
    func answer(
        _ method: String, _ path: String, _ body: Data? = nil, type: String = "application/octet-stream"
    ) async throws -> (status: Int, body: Data) {
        var request = try request(method, path)
        request.httpBody = body
        if body != nil { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        let (data, response) = try await session.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, data)
    }

    /// Sends a file as a stream.
    @discardableResult
    func send(_ method: String, _ path: String, file: URL) async throws -> Data {
        var request = try request(method, path)
        request.setValue("application/octet-stream", forHTTPHeaderField: "Content-Type")
        let (data, response) = try await session.upload(for: request, fromFile: file)
        return try checked(data, (response as? HTTPURLResponse)?.statusCode ?? 0, "\(method) \(path)")
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

    /// What the body of a refusal says.
    static func detail(of body: Data) -> String {
        struct Problem: Decodable { var detail: String? }
        let detail = (try? JSONDecoder().decode(Problem.self, from: body))?.detail
        return detail ?? String(decoding: body.prefix(300), as: UTF8.self)
    }

    private func request(_ method: String, _ path: String) throws -> URLRequest {
        guard let url = URL(string: base + path) else { throw CommandError("\(base)\(path) is not a valid address") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        if let token {
            request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
            // Volumes and weights hardly get smaller, and packing them takes longer than sending them.
            request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        }
        return request
    }

    private func checked(_ data: Data, _ status: Int, _ call: String) throws -> Data {
        guard (200..<300).contains(status) else {
            throw CommandError("\(call) failed with status \(status): \(Self.detail(of: data))")
        }
        return data
    }
}
