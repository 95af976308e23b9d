import HTTP
import TestSupport

/// The two ways to reach a router's handlers.
enum Transport: CaseIterable, Sendable {
    case memory, socket
}

/// Sends requests to a router, in memory or through a socket.
struct TestClient: Sendable {
    private let exchange: @Sendable (Method, String, Headers, [UInt8]?) async throws -> Reply

    func callAsFunction(
        _ method: Method = .get, _ target: String, headers: Headers = [:], body: [UInt8]? = nil
    ) async throws -> Reply {
        try await exchange(method, target, headers, body)
    }

    /// Runs the same body against the responder in memory, or a server.
    static func run(
        _ transport: Transport, _ router: Router, _ body: @Sendable (TestClient) async throws -> Void
    ) async throws {
        switch transport {
        case .memory:
            let responder = router.freeze()
            try await body(TestClient { try await ask(responder, $0, $1, $2, $3) })
        case .socket:
            try await withServer(router) { server in
                try await body(TestClient { try await ask(server, $0, $1, $2, $3) })
            }
        }
    }

    private static func ask(
        _ responder: Responder, _ method: Method, _ target: String, _ headers: Headers, _ body: [UInt8]?
    ) async throws -> Reply {
        let response: Response
        do {
            let request = try Request(method, target, headers: headers, body: body.map(Body.bytes) ?? .empty)
            response = await responder.respond(to: request)
        } catch {
            response = Response(error)
        }
        var reply = Reply(status: response.status, headers: response.headers, body: [])
        if response.status != 304, response.status != 204, let count = response.body.count {
            reply.headers["Content-Length"] = String(count)
        }
        if method != .head { reply.body = try await response.body.bytes() }
        return reply
    }

    private static func ask(
        _ server: TestServer, _ method: Method, _ target: String, _ headers: Headers, _ body: [UInt8]?
    ) async throws -> Reply {
        try await server.raw { connection in
            var head = "\(method.rawValue) \(target) HTTP/1.1\r\nHost: test\r\n"
            for field in headers.fields { head += "\(field.name): \(field.value)\r\n" }
            if let body { head += "Content-Length: \(body.count)\r\n" }
            connection.send(Array((head + "\r\n").utf8) + (body ?? []))
            return try connection.reply(toHead: method == .head)
        }
    }
}
