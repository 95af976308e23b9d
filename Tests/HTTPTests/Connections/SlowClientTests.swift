import HTTP
import Synchronization
import TestSupport
import Testing

/// Clients that hold connections without using them; every one of these tests ends because the server cuts somebody off.
@Suite(.timeLimit(.minutes(10))) struct SlowClientTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var options: ServerOptions {
        var options = ServerOptions()
        options.timeoutSeconds = 1
        options.minimumRate = 512
        return options
    }

    private func router() -> Router {
        var router = Router(logger: .silent)
        router.on(.get, "/") { _ in .text("here") }
        router.on(.get, "/large") { _ in .bytes([UInt8](repeating: 7, count: 64 << 20), contentType: "image/png") }
        router.on(.put, "/file", body: .file(limit: 1 << 30, folder: folder.url)) { _ in .text("taken") }
        return router
    }

    /// What a client does that is of no use, and what it has sent before.
    enum Idler: String, CaseIterable, Sendable {
        case silent = ""
        case halfALine = "GET / HT"
        case tricklingHead = "GET / HTTP/1.1\r\nHost: t\r\nX-Long: "
        case tricklingBody = "PUT /file HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n"
        case tricklingChunks = "PUT /file HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n"
        case lessThanDeclared = "PUT /file HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nshort"

        var trickles: Bool { [.halfALine, .tricklingHead, .tricklingBody, .tricklingChunks].contains(self) }
    }

    @Test(arguments: Idler.allCases)
    func `a client that holds a connection is cut off, and others are served meanwhile`(_ idler: Idler) async throws {
        try await withServer(router(), options: options) { server in
            async let held: Void = server.raw { connection in
                connection.send(idler.rawValue)
                if idler.trickles { connection.trickleUntilCut() } else { connection.waitUntilCut() }
            }
            let reply = try await server.raw { connection in
                connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                return try connection.reply()
            }
            #expect(reply.text == "here")
            try await held
        }
        #expect(folder.names.isEmpty)
    }

    @Test func `as many idlers as there are connections keep others out for a time only`() async throws {
        var options = options
        options.connectionLimit = 8
        try await withServer(router(), options: options) { server in
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await server.raw { connection in
                            connection.send(Idler.tricklingBody.rawValue)
                            connection.trickleUntilCut()
                        }
                    }
                }
                try await group.waitForAll()
            }
            let reply = try await server.raw { connection in
                connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                return try connection.reply()
            }
            #expect(reply.text == "here")
        }
    }

    @Test func `clients that never read their answers make room for others`() async throws {
        var options = options
        options.connectionLimit = 2
        try await withServer(router(), options: options) { server in
            try await onThread {
                let deaf = try (0..<2).map { _ in try RawConnection(port: server.port) }
                for connection in deaf { connection.send("GET /large HTTP/1.1\r\nHost: t\r\n\r\n") }
                // It waits to be accepted until one of them was cut off.
                let other = try RawConnection(port: server.port)
                other.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                #expect(try other.reply().text == "here")
                #expect(try deaf.contains { try !$0.reply().isWhole })
            }
        }
    }

    @Test func `an upload that is slow but goes on is taken`() async throws {
        var options = options
        options.minimumRate = 16
        try await withServer(router(), options: options) { server in
            let reply = try await server.raw { connection in
                connection.send("PUT /file HTTP/1.1\r\nHost: t\r\nContent-Length: 2500\r\n\r\n")
                for _ in 0..<25 where !connection.isCut { connection.send(String(repeating: "a", count: 100)) }
                return try connection.reply()
            }
            #expect(reply.text == "taken")
        }
    }

    @Test func `a reply that takes long to make is waited for`() async throws {
        var router = router()
        let isOver = Signal()
        router.on(.get, "/slow") { _ in
            await isOver.wait()
            return .text("at last")
        }
        try await withServer(router, options: options) { server in
            async let slow = server.raw { connection in
                connection.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n")
                return try connection.reply()
            }
            // When two idlers in a row were cut off, more than a window has passed.
            for _ in 0..<2 {
                try await server.raw { connection in
                    connection.send(Idler.tricklingHead.rawValue)
                    connection.trickleUntilCut()
                }
            }
            isOver.fire()
            #expect(try await slow.text == "at last")
        }
    }

    @Test func `an address has no more connections than it may`() async throws {
        var options = options
        options.connectionsPerAddress = 2
        options.timeoutSeconds = 60
        try await withServer(router(), options: options) { server in
            try await onThread {
                let kept = try (0..<2).map { _ in try RawConnection(port: server.port) }
                for connection in kept {
                    connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                    #expect(try connection.reply().text == "here")
                }
                #expect(try RawConnection(port: server.port).isClosedByServer())
                kept[0].send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                #expect(try kept[0].reply().text == "here")
            }
        }
    }
}
