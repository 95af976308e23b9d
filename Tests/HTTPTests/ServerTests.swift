import Dispatch
import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ServerTests {
    private var router: Router {
        var router = Router(logger: .silent)
        router.on(.get, "/") { _ in .text("here") }
        router.on(.put, "/body", body: .memory(limit: 100)) { request in .text("\(request.body.count)") }
        router.on(.get, "/who") { request in .text(request.remoteAddress ?? "?") }
        return router
    }

    @Test(
        arguments: [
            "PUT /body HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            "PUT /body HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "PUT /body HTTP/1.1\r\nHost: t\r\nContent-Length: -3\r\n\r\n",
            "PUT /body HTTP/1.1\r\nHost: t\r\nContent-Length: 3x\r\n\r\n",
            "PUT /body HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
            "PUT /body HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip\r\n\r\nabc",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/7.9\r\nHost: t\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon here\r\nHost: t\r\n\r\n",
            "\u{1}\u{2}\u{3} garbage \u{7F}\r\n\r\n",
        ])
    func `a broken request is refused and harms no other`(_ text: String) async throws {
        try await withServer(router) { server in
            let reply = try await server.raw { connection in
                connection.send(text)
                connection.endSending()
                return try? connection.reply()
            }
            #expect((400...505).contains(reply?.status ?? 400), "\(reply?.status ?? 0)")
            let next = try await server.raw { connection in
                connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                return try connection.reply()
            }
            #expect(next.text == "here")
        }
    }

    @Test(arguments: ["GET / ", "DELETE /thing ", "GET /nowhere "])
    func `a form that is announced and never comes is not waited for`(_ start: String) async throws {
        var router = router
        router.on(.delete, "/thing") { _ in .text("gone") }
        try await withServer(router) { server in
            let (reply, end) = try await server.raw { connection in
                connection.send(
                    "\(start)HTTP/1.1\r\nHost: t\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                        + "Content-Length: 370\r\n\r\n")
                return (try connection.reply(), connection.line())
            }
            #expect(reply.status == (start.contains("nowhere") ? 404 : 200))
            #expect(reply.headers["Connection"]?.lowercased() == "close")
            #expect(end == nil)
        }
    }

    @Test func `requests sent together are answered in order`() async throws {
        try await withServer(router) { server in
            let replies = try await server.raw { connection in
                connection.send(
                    "GET / HTTP/1.1\r\nHost: t\r\n\r\nPUT /body HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc"
                        + "GET /nowhere HTTP/1.1\r\nHost: t\r\n\r\n\u{0}\u{1}garbage\r\n\r\n")
                return try (0..<3).map { _ in try connection.reply() }
            }
            #expect(replies.map(\.status) == [200, 200, 404])
            #expect(replies[1].text == "3")
        }
    }

    @Test func `a handler can tell that its client has left`() async throws {
        let (hasBegun, hasSeen) = (Signal(), Signal())
        var router = Router(logger: .silent)
        router.on(.get, "/slow") { _ in
            #expect(!Client.hasLeft())
            hasBegun.fire()
            while !Client.hasLeft() { await Task.yield() }
            hasSeen.fire()
            return .text("too late")
        }
        try await withServer(router) { server in
            let clients = RawConnectionHolder()
            try await server.raw { connection in
                connection.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n")
                clients.keep(connection)
            }
            await hasBegun.wait()
            clients.drop()
            await hasSeen.wait()
        }
    }

    @Test func `an absolute target means its path`() async throws {
        try await withServer(router) { server in
            let reply = try await server.raw { connection in
                connection.send("GET http://example.org/who?x HTTP/1.1\r\nHost: t\r\n\r\n")
                return try connection.reply()
            }
            #expect(reply.text == "127.0.0.1")
        }
    }

    @Test func `a hundred clients at once are all answered`() async throws {
        var router = Router(logger: .silent)
        router.on(.put, "/echo", body: .memory(limit: 100_000)) { request in
            .bytes(try request.body.bytes(), contentType: "application/octet-stream")
        }
        try await withServer(router) { server in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for client in 0..<100 {
                    group.addTask {
                        let body = [UInt8](repeating: UInt8(client), count: 1000 * (client + 1))
                        let replies = try await server.raw { connection in
                            try (0..<3).map { _ in
                                connection.send(
                                    "PUT /echo HTTP/1.1\r\nHost: t\r\nContent-Length: \(body.count)\r\n\r\n")
                                connection.send(body)
                                return try connection.reply()
                            }
                        }
                        return replies.allSatisfy { $0.status == 200 && $0.body == body }
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test func `handlers that block hold up no other`() async throws {
        let gate = Gate()
        var router = router
        router.on(.get, "/slow") { _ in
            gate.pass()
            return .text("at last")
        }
        try await withServer(router) { server in
            let ask: @Sendable (String) async throws -> String = { path in
                try await server.raw { connection in
                    connection.send("GET \(path) HTTP/1.1\r\nHost: t\r\n\r\n")
                    return try connection.reply().text
                }
            }
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await ask("/slow") } }
                for _ in 0..<8 { await gate.arrivals.wait() }
                #expect(try await ask("/") == "here")
                gate.open(for: 8)
                for try await text in group { #expect(text == "at last") }
            }
        }
    }

    @Test func `a gate that waits holds up no other, and a body comes once it is let in`() async throws {
        let gate = Gate()
        var router = router
        let patience: HTTP.Gate = { _ in gate.pass() }
        router.group(gate: patience) { group in
            group.on(.put, "/guarded", body: .memory(limit: 100)) { request in
                .text(String(decoding: try request.body.bytes(), as: UTF8.self))
            }
        }
        try await withServer(router) { server in
            let ask: @Sendable (String) async throws -> String = { request in
                try await server.raw { connection in
                    connection.send(request)
                    return try connection.reply().text
                }
            }
            let bodies = ["Content-Length: 4\r\n\r\nbody", "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"]
            let empty = ["Content-Length: 0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"]
            try await withThrowingTaskGroup(of: String.self) { group in
                for rest in bodies + empty + bodies + empty {
                    group.addTask { try await ask("PUT /guarded HTTP/1.1\r\nHost: t\r\n" + rest) }
                }
                for _ in 0..<8 { await gate.arrivals.wait() }
                #expect(try await ask("GET / HTTP/1.1\r\nHost: t\r\n\r\n") == "here")
                gate.open(for: 8)
                var texts: [String] = []
                for try await text in group { texts.append(text) }
                #expect(texts.sorted() == ["", "", "", "", "body", "body", "body", "body"])
            }
        }
    }

    /// Blocks the threads that want to pass until it is opened.
    private final class Gate: Sendable {
        let arrivals = Signal()
        private let semaphore = DispatchSemaphore(value: 0)

        func pass() {
            arrivals.fire()
            semaphore.wait()
        }

        func open(for count: Int) {
            for _ in 0..<count { semaphore.signal() }
        }
    }

    @Test func `a port that is taken is told`() async throws {
        try await withServer(router) { server in
            let options = ServerOptions(port: server.port)
            await #expect(
                throws: ServerError.cannotListen(host: "127.0.0.1", port: server.port, reason: "Address already in use")
            ) {
                try await Server(options: options, responder: router.freeze(), logger: .silent).run()
            }
        }
    }

    @Test func `a host that is none is told`() async throws {
        await #expect(throws: ServerError.self) {
            let options = ServerOptions(host: "not a host")
            try await Server(options: options, responder: router.freeze(), logger: .silent).run()
        }
    }

    @Test func `it can serve again after it was stopped`() async throws {
        for _ in 0..<3 {
            try await withServer(router) { server in
                let reply = try await server.raw { connection in
                    connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                    return try connection.reply()
                }
                #expect(reply.text == "here")
            }
        }
    }
}
