package import HTTP

/// Runs something that lives until it is cancelled while the body runs, then cancels it and waits until it has ended.
package func withRunning<Value>(
    _ run: @escaping @Sendable () async throws -> Void, _ body: () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await run() }
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        group.cancelAll()
        try await group.waitForAll()
        return try result.get()
    }
}

/// Serves on a free port while the body runs, which is given the port; then shuts down and waits for that.
package func withServer<Value>(
    _ responder: Responder, options: ServerOptions = ServerOptions(), metrics: ServerMetrics = ServerMetrics(),
    _ body: (Int) async throws -> Value
) async throws -> Value {
    let server = Server(options: options, responder: responder, logger: .silent, metrics: metrics)
    let (ports, announce) = AsyncStream.makeStream(of: Int.self)
    return try await withRunning {
        defer { announce.finish() }
        try await server.run { announce.yield($0) }
    } _: {
        guard let port = await ports.first(where: { _ in true }) else { throw ServerDidNotStart() }
        return try await body(port)
    }
}

/// The server ended before it listened; what it threw says why.
private struct ServerDidNotStart: Error {}
