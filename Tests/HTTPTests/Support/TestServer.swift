import Foundation
import HTTP
import TestSupport

/// A running server on a free port.
struct TestServer: Sendable {
    let port: Int

    /// Talks to the server through a socket of one's own.
    func raw<Value: Sendable>(_ body: @escaping @Sendable (RawConnection) throws -> Value) async throws -> Value {
        let port = port
        return try await onThread { try body(try RawConnection(port: port)) }
    }
}

/// Serves while the body runs, then shuts down and waits for that.
func withServer<Value: Sendable>(
    _ router: Router, options: ServerOptions = ServerOptions(), metrics: ServerMetrics = ServerMetrics(),
    _ body: @Sendable (TestServer) async throws -> Value
) async throws -> Value {
    try await withServer(router.freeze(), options: options, metrics: metrics) { try await body(TestServer(port: $0)) }
}
