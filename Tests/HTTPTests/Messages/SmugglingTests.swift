import HTTP
import Synchronization
import TestSupport
import Testing

/// Heads that two readers could understand differently, as a proxy and this server.
@Suite(.timeLimit(.minutes(10))) struct SmugglingTests {
    private final class Log: Sendable {
        let seen = Mutex<[String]>([])
    }

    private func router(_ log: Log) -> Router {
        var router = Router(logger: .silent)
        router.on(.put, "/body", body: .memory(limit: 1000)) { request in
            let text = String(decoding: try request.body.bytes(), as: UTF8.self)
            log.seen.withLock { $0.append(text) }
            return .text(text)
        }
        router.on(.get, "/secret") { _ in
            log.seen.withLock { $0.append("secret") }
            return .text("secret")
        }
        router.on(.get, "/{name}") { request in .text(try request.parameter("name")) }
        return router
    }

    /// Every status that comes back for the bytes until the server closes.
    private func statuses(_ text: String, _ log: Log) async throws -> [Int] {
        try await withServer(router(log)) { server in
            try await server.raw { connection in
                connection.send(text)
                connection.endSending()
                var statuses: [Int] = []
                while let reply = try? connection.reply() { statuses.append(reply.status) }
                return statuses
            }
        }
    }

    /// Follows a request whose end is in doubt.
    private static let smuggled = "GET /secret HTTP/1.1\r\nHost: t\r\n\r\n"

    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\u{0B}chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 0\r\nContent-Length: 33\r\n\r\n",
        "Content-Length: 33\r\nContent-Length: 0\r\n\r\n",
        "Content-Length: 0\r\ncontent-length: 0\r\n\r\n",
        "Content-Length: 0, 33\r\n\r\n",
        "Content-Length: +0\r\n\r\n",
        "Content-Length: 0x0\r\n\r\n",
        "Content-Length: 0 0\r\n\r\n",
        "Content-Length:\r\n 33\r\n\r\n",
        "Content-Length: 0\r\n 33\r\n\r\n",
        "Content-Length: 3\r\n\t3\r\n\r\n",
        "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        "X: a\r\n Content-Length: 33\r\nContent-Length: 0\r\n Transfer-Encoding: chunked\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Content-Length : 35\r\n\r\n",
        "Content-Length: 0\rContent-Length: 33\r\n\r\n",
        "Content-Length: 0\nContent-Length: 33\r\n\r\n",
        "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
        "X: a\u{1}b\r\nContent-Length: 0\r\n\r\n",
        "Host: u\r\nContent-Length: 0\r\n\r\n",
    ])
    func `what may end in two places is refused, and nothing behind it is answered`(_ head: String) async throws {
        let log = Log()
        let answers = try await statuses("PUT /body HTTP/1.1\r\nHost: t\r\n\(head)\(Self.smuggled)", log)
        #expect(answers.count <= 1 && answers.allSatisfy { (400...501).contains($0) }, "\(answers)")
        #expect(log.seen.withLock { $0 } == [])
    }

    @Test(arguments: [
        "zz\r\nabc\r\n0\r\n\r\n", "-1\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
    ])
    func `chunks that are none are refused, and nothing behind them is answered`(_ chunks: String) async throws {
        let log = Log()
        let answers = try await statuses(
            "PUT /body HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)\(Self.smuggled)", log)
        #expect(answers.count <= 1 && answers.allSatisfy { $0 >= 400 }, "\(answers)")
        #expect(log.seen.withLock { $0 } == [])
    }

    /// Libmicrohttpd drops what stands behind a NUL.
    @Test func `a NUL in a value ends the value and gets nowhere`() async throws {
        try await withServer(router(Log())) { server in
            let replies = try await server.raw { connection in
                connection.send("GET /a HTTP/1.1\r\nHost: t\r\nX-Request-Id: abc\u{0}def\r\n\r\n\(Self.smuggled)")
                return [try connection.reply(), try connection.reply()]
            }
            #expect(replies.map(\.text) == ["a", "secret"])
            #expect(replies[0].headers["X-Request-Id"] == "abc")
        }
    }

    @Test func `a folded value is not taken for another`() async throws {
        try await withServer(router(Log())) { server in
            let replies = try await server.raw { connection in
                connection.send("GET /a HTTP/1.1\r\nHost: t\r\nX-Request-Id: abc\r\n def\r\n\r\n\(Self.smuggled)")
                return [try connection.reply(), try connection.reply()]
            }
            #expect(replies.map(\.text) == ["a", "secret"])
            #expect(replies[0].headers["X-Request-Id"]?.contains("abc") == false)
        }
    }

    @Test func `bodies of sound requests end where they say`() async throws {
        let log = Log()
        let answers = try await withServer(router(log)) { server in
            try await server.raw { connection in
                connection.send(
                    "PUT /body HTTP/1.1\r\nHost: t\r\nContent-Length: 33\r\n\r\n\(Self.smuggled)"
                        + "PUT /body HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "21\r\n\(Self.smuggled)\r\n0\r\n\r\n"
                        + "PUT /body HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n")
                return try (0..<3).map { _ in try connection.reply().status }
            }
        }
        #expect(answers == [200, 200, 200])
        #expect(log.seen.withLock { $0 } == [Self.smuggled, Self.smuggled, ""])
    }

    @Test(arguments: [
        "/../etc/passwd", "/%2e%2e/etc/passwd", "/..%2fetc%2fpasswd", "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "//etc/passwd", "/a/../../etc/passwd", "/.%00./etc/passwd", "/%c0%ae%c0%ae/etc/passwd", "/..\\etc\\passwd",
    ])
    func `dots lead nowhere`(_ path: String) async throws {
        try await withServer(router(Log())) { server in
            let reply = try await server.raw { connection in
                connection.send("GET \(path) HTTP/1.1\r\nHost: t\r\n\r\n")
                return try connection.reply()
            }
            #expect(!reply.text.contains("root:"))
            // One segment, however it is written, is but a name.
            #expect(reply.status == 200 ? !reply.text.isEmpty : (400...404).contains(reply.status), "\(reply.status)")
        }
    }
}
