import Foundation
import HTTP
import Logging

/// Runs blocking code on a thread of its own, so that it takes none from the server's tasks.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}

/// A running server on a free port.
struct TestServer: Sendable {
    let port: Int

    /// Talks to the server through a socket of one's own.
    func raw<Value: Sendable>(_ body: @escaping @Sendable (RawConnection) throws -> Value) async throws -> Value {
        let port = port
        return try await onThread { try body(try RawConnection(port: port)) }
    }
}

let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// Serves while the body runs, then shuts down and waits for that.
func withServer<Value: Sendable>(
    _ router: Router, options: ServerOptions = ServerOptions(), metrics: ServerMetrics = ServerMetrics(),
    _ body: @Sendable (TestServer) async throws -> Value
) async throws -> Value {
    let server = Server(options: options, responder: router.freeze(), logger: silent, metrics: metrics)
    let (ports, announce) = AsyncStream.makeStream(of: Int.self)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { announce.finish() }
            try await server.run { announce.yield($0) }
        }
        guard let port = await ports.first(where: { _ in true }) else {
            try await group.waitForAll()
            throw RawConnection.Failure(description: "the server did not start")
        }
        let result: Result<Value, any Error>
        do { result = .success(try await body(TestServer(port: port))) } catch { result = .failure(error) }
        group.cancelAll()
        try await group.waitForAll()
        return try result.get()
    }
}

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

/// A folder that is removed with everything in it.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// Something one task waits for and another one makes happen.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func fire() { continuation.yield() }

    /// Waits for the next firing; `false` where the task was cancelled before.
    @discardableResult
    func wait() async -> Bool { await stream.first { _ in true } != nil }
}
