import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ShutdownTests {
    /// Runs a server, sends a request, cancels the server once the handler has begun, then does `meanwhile`.
    private func replyAcrossShutdown(
        _ router: Router, grace: Duration, begun: Signal, meanwhile: @Sendable () -> Void = {}
    ) async throws -> Reply {
        var options = ServerOptions()
        options.grace = grace
        let server = Server(options: options, responder: router.freeze(), logger: .silent)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: Reply?.self) { group in
            let serving = Task { try await server.run { announce.yield($0) } }
            let port = try #require(await ports.first { _ in true })
            group.addTask {
                try await TestServer(port: port).raw { connection in
                    connection.send("GET /work HTTP/1.1\r\nHost: t\r\n\r\n")
                    return try connection.reply()
                }
            }
            await begun.wait()
            serving.cancel()
            meanwhile()
            let reply = try await group.next() ?? nil
            try await serving.value
            await #expect(throws: RawConnection.Failure.self) {
                try await TestServer(port: port).raw { _ in }
            }
            return try #require(reply)
        }
    }

    @Test func `what is in flight is finished`() async throws {
        let (begun, release) = (Signal(), Signal())
        var router = Router(logger: .silent)
        router.on(.get, "/work") { _ in
            begun.fire()
            return .text(await release.wait() ? "done" : "cancelled")
        }
        let reply = try await replyAcrossShutdown(router, grace: .seconds(60), begun: begun) { release.fire() }
        #expect(reply.status == 200)
        #expect(reply.text == "done")
    }

    @Test func `a handler that goes on too long is cancelled`() async throws {
        let begun = Signal()
        var router = Router(logger: .silent)
        router.on(.get, "/work") { _ in
            begun.fire()
            await Signal().wait()
            try Task.checkCancellation()
            return .text("never")
        }
        let reply = try await replyAcrossShutdown(router, grace: .milliseconds(1), begun: begun)
        #expect(reply.status == 503)
        #expect(reply.headers["Retry-After"] != nil)
    }

    @Test func `events end`() async throws {
        let begun = Signal()
        var router = Router(logger: .silent)
        router.on(.get, "/work") { _ in
            .events(
                AsyncStream { continuation in
                    continuation.yield(ServerSentEvent(data: "1"))
                    begun.fire()
                })
        }
        let reply = try await replyAcrossShutdown(router, grace: .seconds(60), begun: begun)
        #expect(reply.isWhole)
    }

    @Test func `an idle connection does not hold it up`() async throws {
        var router = Router(logger: .silent)
        router.on(.get, "/") { _ in .text("here") }
        let idle = RawConnectionHolder()
        try await withServer(router) { server in
            try await onThread {
                let (fresh, used) = (try RawConnection(port: server.port), try RawConnection(port: server.port))
                used.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                #expect(try used.reply().text == "here")
                idle.keep(fresh)
                idle.keep(used)
            }
        }
        idle.drop()
    }
}
