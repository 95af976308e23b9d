import HTTP
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct StreamTests {
    private static let request = "GET /stream HTTP/1.1\r\nHost: t\r\n\r\n"

    private func router(_ body: StreamBody) -> Router {
        var router = Router(logger: .silent)
        router.on(.get, "/stream") { _ in .stream(body, contentType: "application/octet-stream") }
        return router
    }

    @Test(arguments: Transport.allCases)
    func `chunks arrive whole and in order`(_ transport: Transport) async throws {
        let body = StreamBody { writer in
            for index in 0..<200 { try await writer.write([UInt8](repeating: UInt8(index), count: 7919)) }
        }
        try await TestClient.run(transport, router(body)) { client in
            let reply = try await client(.get, "/stream")
            #expect(reply.isWhole)
            #expect(reply.body == (0..<200).flatMap { [UInt8](repeating: UInt8($0), count: 7919) })
        }
    }

    @Test func `a chunk is sent when it is there, not when the next one comes`() async throws {
        let next = Signal()
        let body = StreamBody { writer in
            for letter in ["a", "b", "c"] {
                try await writer.write(Array(letter.utf8))
                await next.wait()
            }
        }
        try await withServer(router(body)) { server in
            let letters = try await server.raw { connection in
                connection.send(StreamTests.request)
                let head = try connection.head()
                #expect(head.status == 200)
                return (0..<3).map { _ in
                    _ = connection.line()
                    defer { next.fire() }
                    return connection.line()
                }
            }
            #expect(letters == ["a", "b", "c"])
        }
    }

    @Test func `a stream that is no longer allowed is cut while it is silent`() async throws {
        let (isAllowed, never) = (Switch(), Signal())
        let body = StreamBody { writer in
            try await writer.write([1])
            await never.wait()
        }.checking { guard isAllowed.isOn.load(ordering: .relaxed) else { throw CancellationError() } }
        try await withServer(router(body)) { server in
            let reply = try await server.raw { connection in
                connection.send(StreamTests.request)
                _ = try connection.head()
                #expect(connection.line() == "1")
                isAllowed.isOn.store(false, ordering: .relaxed)
                while connection.line() != nil {}
                return connection.isClosedByServer()
            }
            #expect(reply)
        }
    }

    @Test func `a stream that fails is cut, so that the client can tell`() async throws {
        let body = StreamBody { writer in
            try await writer.write([1, 2, 3])
            throw HTTPError(500, "no more")
        }
        try await withServer(router(body)) { server in
            let reply = try await server.raw { connection in
                connection.send(StreamTests.request)
                return try connection.reply()
            }
            #expect(!reply.isWhole)
        }
    }

    @Test func `a stream ends when its client leaves`() async throws {
        let ended = Signal()
        let body = StreamBody { writer in
            defer { ended.fire() }
            try await writer.write([1])
            await Signal().wait()
        }
        try await withServer(router(body)) { server in
            try await server.raw { connection in
                connection.send(StreamTests.request)
                let head = try connection.head()
                #expect(head.status == 200)
            }
            #expect(await ended.wait())
        }
    }

    @Test func `a producer waits for a client that does not read, and ends when that leaves`() async throws {
        let (sizes, report) = AsyncStream.makeStream(of: Int.self)
        let body = StreamBody { writer in
            var written = 0
            defer {
                report.yield(written)
                report.finish()
            }
            while true {
                try await writer.write([UInt8](repeating: 0, count: 65_536))
                written += 65_536
            }
        }
        try await withServer(router(body)) { server in
            try await server.raw { connection in
                connection.send(StreamTests.request)
                let head = try connection.head()
                #expect(head.status == 200)
            }
            let written = try #require(await sizes.first { _ in true })
            #expect(written < 64 << 20)  // Bounded by the sockets' buffers.
        }
    }

    @Test func `a client that is silent for a while is kept alive`() async throws {
        let keepAlive = StreamBody.KeepAlive(interval: .milliseconds(1), bytes: Array("still\n".utf8))
        let body = StreamBody(keepAlive: keepAlive) { _ in await Signal().wait() }
        try await withServer(router(body)) { server in
            let lines = try await server.raw { connection in
                connection.send(StreamTests.request)
                let head = try connection.head()
                #expect(head.status == 200)
                return (0..<6).map { _ in connection.line() }
            }
            #expect(lines.filter { $0 == "still" }.count >= 2)
        }
    }
}

private final class Switch: Sendable {
    let isOn = Atomic(true)
}
