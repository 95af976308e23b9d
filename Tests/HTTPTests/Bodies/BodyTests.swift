import Foundation
import HTTP
import TestSupport
import Testing

@Suite struct BodyTests {
    private struct Thing: Codable, Sendable {
        struct Size: Codable, Sendable { var z: Int }
        var name: String
        var size: Size?
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var router: Router {
        let folder = folder.url
        var router = Router(logger: .silent)
        router.on(.post, "/memory", body: .memory(limit: 10)) { request in .text(String(request.body.count)) }
        router.on(.post, "/none") { request in .text(String(request.body.count)) }
        router.on(.put, "/file", body: .file(limit: 100_000, folder: folder)) { request in
            guard case .file(let file) = request.body else { return .text("no file") }
            let onDisk = try Data(contentsOf: file.url)
            return .text("\(file.count) \(onDisk.count) \(onDisk.reduce(0) { $0 &+ Int($1) })")
        }
        router.on(.put, "/long", body: .memory(limit: 3 << 20, spool: folder)) { request in
            .text("\(request.body.file != nil) \(try request.body.bytes().reduce(0) { $0 + Int($1) })")
        }
        router.on(.put, "/kept", body: .file(limit: 100, folder: folder)) { request in
            guard case .file(let file) = request.body else { return .text("no file") }
            try file.move(to: folder.appendingPathComponent("kept"))
            return .noContent
        }
        router.on(.post, "/json", body: .memory(limit: 1000)) { request in
            .text(try request.json(Thing.self).name)
        }
        return router
    }

    @Test(arguments: Transport.allCases)
    func `a body up to the limit is taken, one byte more is 413`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.post, "/memory", body: .init(repeating: 7, count: 10)).text == "10")
            #expect(try await client(.post, "/memory", body: []).text == "0")
            let reply = try await client(.post, "/memory", body: .init(repeating: 7, count: 11))
            #expect(reply.status == 413)
            #expect(reply.text.contains("10 bytes"))
        }
    }

    @Test(arguments: Transport.allCases)
    func `a small body that nobody wants is dropped`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.post, "/none", body: .init(repeating: 7, count: 1000)).text == "0")
            #expect(try await client(.post, "/none", body: .init(repeating: 7, count: 100_000)).status == 413)
        }
    }

    @Test(arguments: Transport.allCases)
    func `a file body is on disk while it is handled, and gone after`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.put, "/file", body: .init(repeating: 3, count: 100_000))
            #expect(reply.text == "100000 100000 300000")
            #expect(try await client(.put, "/file", body: []).text == "0 0 0")
            #expect(try await client(.put, "/file", body: .init(repeating: 3, count: 100_001)).status == 413)
        }
        #expect(folder.names.isEmpty)
    }

    @Test(arguments: Transport.allCases)
    func `a body of more than a megabyte is a file while it is handled, and gone after`(_ transport: Transport)
        async throws
    {
        let megabyte = 1 << 20
        try await TestClient.run(transport, router) { client async throws in
            for (count, isFile) in [(3, false), (megabyte, false), (megabyte + 1, true), (3 * megabyte, true)] {
                let reply = try await client(.put, "/long", body: .init(repeating: 2, count: count))
                #expect(reply.text == "\(isFile) \(2 * count)")
            }
            #expect(try await client(.put, "/long", body: .init(repeating: 2, count: 3 * megabyte + 1)).status == 413)
        }
        #expect(folder.names.isEmpty)
    }

    @Test(arguments: Transport.allCases)
    func `a file that was moved stays`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.put, "/kept", body: [1, 2, 3]).status == 204)
        }
        #expect(folder.names == ["kept"])
    }

    @Test func `what a crash left is removed`() throws {
        for name in ["upload-1", "other"] {
            try Data().write(to: folder.url.appendingPathComponent(name))
        }
        UploadedFile.removeLeftovers(in: folder.url)
        #expect(folder.names == ["other"])
    }

    @Test(
        arguments: Transport.allCases,
        [
            (#"{"name":"a"}"#, 200, #"a"#), ("", 400, "is empty"), ("{", 400, "well-formed"),
            ("{}", 422, #""field":"name""#), (#"{"name":1}"#, 422, #""field":"name""#),
            (#"{"name":"a","size":{"z":"3"}}"#, 422, #""field":"size.z""#),
        ])
    func `JSON that does not fit names the member`(_ transport: Transport, _ example: (String, Int, String))
        async throws
    {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.post, "/json", body: Array(example.0.utf8))
            #expect(reply.status == example.1)
            #expect(reply.text.contains(example.2), "\(reply.text)")
        }
    }
}
