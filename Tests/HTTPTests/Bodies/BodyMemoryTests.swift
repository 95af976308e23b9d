import HTTP
import TestSupport
import Testing

/// The memory that bodies take, those of clients that never finish among them.
@Suite(.timeLimit(.minutes(10))) struct BodyMemoryTests {
    private static let small = 300_000
    private static let large = 2 << 20

    private let folder: TemporaryFolder
    private let metrics = ServerMetrics()

    init() throws { folder = try TemporaryFolder() }

    private var router: Router {
        var router = Router(logger: .silent)
        router.on(.post, "/small", body: .memory(limit: 1_000_000)) { request in
            .text("\(try request.body.bytes().count)")
        }
        router.on(.post, "/long", body: .memory(limit: 8 << 20, spool: folder.url)) { request in
            .text("\(try request.body.bytes().count) \(request.body.file != nil)")
        }
        return router
    }

    private func serving(_ bytes: Int, _ body: @Sendable (TestServer) async throws -> Void) async throws {
        var options = ServerOptions()
        options.bodyMemory = bytes
        try await withServer(router, options: options, metrics: metrics) { try await body($0) }
    }

    private func used(_ bytes: Int) -> Bool { metrics.text.contains("slicewise_http_body_bytes \(bytes)\n") }

    /// Clients that begin to send, each as far as it may, and never end; the heads of the first answers.
    private func unfinished(
        _ count: Int, _ server: TestServer, _ holder: RawConnectionHolder, _ target: String, _ framing: String,
        _ part: [UInt8]
    ) async throws -> [Reply] {
        try await server.raw { _ in
            try (0..<count).map { _ in
                let connection = try RawConnection(port: server.port)
                connection.send("POST \(target) HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n\(framing)\r\n\r\n")
                let head = try connection.head()
                if head.status == 100 { connection.send(part) }
                holder.keep(connection)
                return head
            }
        }
    }

    @Test func `bodies of all clients together take no more memory than they may, and give it back`() async throws {
        try await serving(1_000_000) { server in
            let holder = RawConnectionHolder()
            let heads = try await unfinished(
                8, server, holder, "/small", "Content-Length: \(Self.small)",
                [UInt8](repeating: 65, count: Self.small - 1))
            #expect(heads.map(\.status) == [100, 100, 100, 503, 503, 503, 503, 503])
            #expect(heads.last?.headers["Retry-After"] == "1")
            #expect(used(3 * Self.small))
            holder.drop()
            while !used(0) { await Task.yield() }
            let reply = try await server.raw { connection in
                connection.send("POST /small HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n")
                connection.send([UInt8](repeating: 65, count: 1_000_000))
                return try connection.reply()
            }
            #expect(reply.text == "1000000")
            while !used(0) { await Task.yield() }
        }
    }

    @Test func `a body of unknown length counts as long as it may become`() async throws {
        try await serving(1_500_000) { server in
            let holder = RawConnectionHolder()
            let heads = try await unfinished(
                2, server, holder, "/small", "Transfer-Encoding: chunked", Array("1\r\na\r\n".utf8))
            #expect(heads.map(\.status) == [100, 503])
            #expect(used(1_000_000))
            holder.drop()
            while !used(0) { await Task.yield() }
        }
    }

    @Test func `long bodies go to files while they arrive, however many there are`() async throws {
        try await serving(1 << 20) { server in
            let holder = RawConnectionHolder()
            let heads = try await unfinished(
                24, server, holder, "/long", "Content-Length: \(8 << 20)", [UInt8](repeating: 65, count: 100_000))
            #expect(heads.allSatisfy { $0.status == 100 })
            #expect(used(0))
            #expect(folder.names.count == 24)
            holder.drop()
            while !folder.names.isEmpty { await Task.yield() }
        }
    }

    @Test func `a body of unknown length goes to a file once it is long`() async throws {
        let folder = folder
        try await serving(4 << 20) { server in
            let reply = try await server.raw { connection in
                connection.send("POST /long HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
                let piece = Array("80000\r\n".utf8) + [UInt8](repeating: 65, count: 0x80000) + Array("\r\n".utf8)
                for _ in 0..<3 { connection.send(piece) }
                while !used(0) || folder.names.isEmpty, !connection.isCut {}
                connection.send("0\r\n\r\n")
                return try connection.reply()
            }
            #expect(reply.text == "\(3 * 0x80000) true")
            while !used(0) || !folder.names.isEmpty { await Task.yield() }
        }
    }

    @Test(arguments: [(1 << 20, 503), (2 << 20, 200)])
    func `a file that a handler reads whole takes memory, too`(memory: Int, status: Int) async throws {
        try await serving(memory) { server in
            for _ in 0..<2 {
                let reply = try await server.raw { connection in
                    connection.send("POST /long HTTP/1.1\r\nHost: t\r\nContent-Length: \(Self.large)\r\n\r\n")
                    connection.send([UInt8](repeating: 65, count: Self.large))
                    return try connection.reply()
                }
                #expect(reply.status == status)
                #expect(status == 200 ? reply.text == "\(Self.large) true" : reply.headers["Retry-After"] == "1")
                while !used(0) || !folder.names.isEmpty { await Task.yield() }
            }
        }
    }

    @Test func `requests without a body need no memory`() async throws {
        try await serving(0) { server in
            let reply = try await server.raw { connection in
                connection.send("POST /small HTTP/1.1\r\nHost: t\r\n\r\n")
                return try connection.reply()
            }
            #expect(reply.text == "0")
        }
    }
}
