import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

/// Bodies on their way: what the server says and keeps while they arrive, or when they do not.
@Suite(.timeLimit(.minutes(10))) struct UploadTests {
    private final class Calls: Sendable {
        private let counter = Atomic(0)
        var count: Int { counter.load(ordering: .relaxed) }
        func add() { counter.add(1, ordering: .relaxed) }
    }

    private let folder: TemporaryFolder
    private let calls = Calls()

    init() throws { folder = try TemporaryFolder() }

    private func router(limit: Int) -> Router {
        let (folder, calls) = (folder.url, calls)
        var router = Router(logger: .silent)
        let gate: Gate = { head in
            if head.headers["Authorization"] == "none" { throw HTTPError(401, "A token is needed.") }
        }
        router.group(gate: gate) { group in
            group.on(.put, "/file", body: .file(limit: limit, folder: folder)) { request in
                calls.add()
                guard case .file(let file) = request.body else { throw HTTPError(500, "no file") }
                let handle = try FileHandle(forReadingFrom: file.url)
                var sum = 0
                while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                    sum = piece.withUnsafeBytes { $0.reduce(sum) { $0 &+ Int($1) } }
                }
                return .text("\(file.count) \(sum)")
            }
            group.on(.put, "/memory", body: .memory(limit: limit)) { request in
                calls.add()
                return .text(String(decoding: try request.body.bytes(), as: UTF8.self))
            }
            group.on(.get, "/") { _ in .text("here") }
        }
        return router
    }

    @Test(
        arguments: [
            ("PUT /file", "", 413, "100 bytes"), ("PUT /nowhere", "", 404, "/nowhere"), ("POST /file", "", 405, "PUT"),
            ("PUT /file", "Authorization: none\r\n", 401, "token"), ("PUT /%ff", "", 400, "UTF-8"),
        ])
    func `a large body is refused before it comes`(_ example: (String, String, Int, String)) async throws {
        let (line, extra, status, detail) = example
        try await withServer(router(limit: 100)) { server in
            let (reply, isClosed) = try await server.raw { connection in
                connection.send("\(line) HTTP/1.1\r\nHost: t\r\n\(extra)Content-Length: 5000000000\r\n\r\n")
                return (try connection.reply(), connection.isClosedByServer())
            }
            #expect(reply.status == status)
            #expect(reply.text.contains(detail))
            #expect(reply.headers["Connection"]?.lowercased() == "close")
            #expect(isClosed)
        }
        #expect(calls.count == 0)
        #expect(folder.names.isEmpty)
    }

    @Test func `a client that sends on before it reads still sees why it was refused`() async throws {
        try await withServer(router(limit: 100)) { server in
            let reply = try await server.raw { connection in
                connection.send("PUT /file HTTP/1.1\r\nHost: t\r\nContent-Length: 8000000\r\n\r\n")
                connection.send([UInt8](repeating: 0, count: 8_000_000))
                return try connection.reply()
            }
            #expect(reply.status == 413)
        }
    }

    @Test func `a small refused body is read, and the connection goes on`() async throws {
        try await withServer(router(limit: 100)) { server in
            let replies = try await server.raw { connection in
                connection.send("PUT /file HTTP/1.1\r\nHost: t\r\nContent-Length: 101\r\n\r\n")
                connection.send([UInt8](repeating: 65, count: 101))
                connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                return (try connection.reply(), try connection.reply())
            }
            #expect(replies.0.status == 413)
            #expect(replies.1.text == "here")
        }
    }

    @Test func `a client that asks may go on, or learns at once that it may not`() async throws {
        try await withServer(router(limit: 100)) { server in
            let (go, done) = try await server.raw { connection in
                connection.send("PUT /memory HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                let go = try connection.head()
                connection.send("ok")
                return (go, try connection.reply())
            }
            #expect(go.status == 100)
            #expect(done.text == "ok")
            let refused = try await server.raw { connection in
                connection.send("PUT /file HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n")
                return try connection.reply()
            }
            #expect(refused.status == 413)
        }
        #expect(calls.count == 1)
    }

    @Test func `bytes may come one by one`() async throws {
        try await withServer(router(limit: 100)) { server in
            let text = "PUT /memory HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello"
            let reply = try await server.raw { connection in
                for byte in text.utf8 { connection.send([byte]) }
                return try connection.reply()
            }
            #expect(reply.text == "hello")
        }
    }

    @Test(arguments: ["/file", "/memory"])
    func `a body of unknown length is taken up to the limit`(_ path: String) async throws {
        try await withServer(router(limit: 100_000)) { server in
            for (count, status) in [(10, 200), (11, 413)] {
                let (reply, next) = try await server.raw { connection in
                    connection.send("PUT \(path) HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
                    let piece = [UInt8](repeating: 65, count: 10_000)
                    for _ in 0..<count { connection.send(Array("2710\r\n".utf8) + piece + Array("\r\n".utf8)) }
                    connection.send("0\r\n\r\n")
                    let reply = try connection.reply()
                    connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                    return (reply, try connection.reply())
                }
                #expect(reply.status == status)
                #expect(next.text == "here")
            }
        }
        #expect(calls.count == 1)
        #expect(folder.names.isEmpty)
    }

    @Test(arguments: ["Content-Length: 1000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e8\r\n"])
    func `an upload that stops early never reaches its handler`(_ framing: String) async throws {
        try await withServer(router(limit: 1000)) { server in
            try await server.raw { connection in
                connection.send("PUT /file HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n\(framing)")
                let head = try connection.head()
                #expect(head.status == 100)
                connection.send([UInt8](repeating: 65, count: 999))
                #expect(folder.names.count == 1)
            }
            while !folder.names.isEmpty { await Task.yield() }
            #expect(
                try await server.raw { connection in
                    connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                    return try connection.reply()
                }.text == "here")
        }
        #expect(calls.count == 0)
    }

    @Test func `an upload still under way at shutdown leaves no file`() async throws {
        var options = ServerOptions()
        options.grace = .zero
        let port = RawConnectionHolder()
        try await withServer(router(limit: 1000), options: options) { server in
            try await server.raw { _ in
                let connection = try RawConnection(port: server.port)
                connection.send("PUT /file HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
                let head = try connection.head()
                #expect(head.status == 100)
                port.keep(connection)
            }
            #expect(folder.names.count == 1)
        }
        port.drop()
        #expect(folder.names.isEmpty)
        #expect(calls.count == 0)
    }

    @Test func `a large body goes to disk while it arrives`() async throws {
        let megabytes = 64
        let folder = folder
        try await withServer(router(limit: megabytes << 20)) { server in
            let (onDisk, reply) = try await server.raw { connection in
                connection.send("PUT /file HTTP/1.1\r\nHost: t\r\nContent-Length: \(megabytes << 20)\r\n\r\n")
                let piece = [UInt8](repeating: 3, count: 1 << 20)
                for _ in 1..<megabytes { connection.send(piece) }
                let onDisk = try folder.names.reduce(0) { sum, name in
                    let path = folder.url.appendingPathComponent(name).path
                    return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
                }
                connection.send(piece)
                return (onDisk, try connection.reply())
            }
            #expect(onDisk >= (megabytes / 2) << 20)  // All but what the sockets' buffers hold.
            #expect(reply.text == "\(megabytes << 20) \(3 * (megabytes << 20))")
        }
        #expect(folder.names.isEmpty)
    }

    @Test func `a length for which there is no room is 507 at once`() async throws {
        try await withServer(router(limit: .max)) { server in
            let reply = try await server.raw { connection in
                connection.send("PUT /file HTTP/1.1\r\nHost: t\r\nContent-Length: \(Int.max)\r\n\r\n")
                return try connection.reply()
            }
            #expect(reply.status == 507)
        }
    }
}
