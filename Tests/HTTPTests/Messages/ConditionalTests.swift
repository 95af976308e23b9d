import Foundation
import HTTP
import TestSupport
import Testing

@Suite struct ConditionalTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try Data("0123456789".utf8).write(to: folder.url.appendingPathComponent("digits"))
    }

    private var router: Router {
        let file = folder.url.appendingPathComponent("digits")
        var router = Router(logger: .silent)
        router.on(.get, "/file") { _ in try .file(file, contentType: "text/plain", etag: "v1", filename: "digits.txt") }
        router.on(.get, "/bytes") { _ in .bytes(Array("0123456789".utf8), contentType: "text/plain", etag: "v1") }
        router.on(.get, "/once") { request in
            let copy = file.appendingPathExtension("copy")
            try FileManager.default.copyItem(at: file, to: copy)
            return try .file(copy, contentType: "text/plain", etag: "v1", delete: true)
        }
        router.on(.get, "/empty") { _ in
            let empty = file.appendingPathExtension("empty")
            try Data().write(to: empty)
            return try .file(empty, contentType: "text/plain", delete: true)
        }
        return router
    }

    private static let paths = ["/file", "/bytes"]

    @Test(arguments: Transport.allCases, paths)
    func `the whole has a tag and takes ranges`(_ transport: Transport, _ path: String) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.get, path)
            #expect(reply.status == 200)
            #expect(reply.text == "0123456789")
            #expect(reply.headers["ETag"] == "\"v1\"")
            #expect(reply.headers["Accept-Ranges"] == "bytes")
            #expect(reply.headers["Content-Length"] == "10")
            let head = try await client(.head, path, headers: ["Range": "bytes=2-3"])
            #expect(head.status == 200)
            #expect(head.headers["Content-Length"] == "10")
            #expect(head.body.isEmpty)
        }
    }

    @Test(arguments: Transport.allCases, paths)
    func `what the client has is not sent again`(_ transport: Transport, _ path: String) async throws {
        try await TestClient.run(transport, router) { client async throws in
            for tag in ["\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"] {
                let reply = try await client(.get, path, headers: ["If-None-Match": tag])
                #expect(reply.status == 304)
                #expect(reply.body.isEmpty)
                #expect(reply.headers["ETag"] == "\"v1\"")
            }
            #expect(try await client(.get, path, headers: ["If-None-Match": "\"v2\""]).status == 200)
        }
    }

    @Test(
        arguments: Transport.allCases,
        [
            ("bytes=2-4", "234", "bytes 2-4/10"), ("bytes=7-", "789", "bytes 7-9/10"),
            ("bytes=-2", "89", "bytes 8-9/10"), ("bytes=-99", "0123456789", "bytes 0-9/10"),
            ("bytes=8-99999999999999999999", "89", "bytes 8-9/10"), ("BYTES=0-0", "0", "bytes 0-0/10"),
        ])
    func `one range is sent alone`(_ transport: Transport, _ example: (String, String, String)) async throws {
        try await TestClient.run(transport, router) { client async throws in
            for path in ConditionalTests.paths {
                let reply = try await client(.get, path, headers: ["Range": example.0])
                #expect(reply.status == 206)
                #expect(reply.text == example.1)
                #expect(reply.headers["Content-Range"] == example.2)
            }
        }
    }

    @Test(
        arguments: Transport.allCases,
        ["bytes=1-2,4-5", "bytes=4-2", "lines=1-2", "bytes=a-b", "bytes=-", "bytes=+1-2"])
    func `ranges that are not understood are ignored`(_ transport: Transport, _ range: String) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.get, "/file", headers: ["Range": range])
            #expect(reply.status == 200)
            #expect(reply.text == "0123456789")
        }
    }

    @Test(arguments: Transport.allCases, ["bytes=10-", "bytes=99-100", "bytes=-0"])
    func `a range outside is 416 with the size`(_ transport: Transport, _ range: String) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.get, "/file", headers: ["Range": range])
            #expect(reply.status == 416)
            #expect(reply.headers["Content-Range"] == "bytes */10")
        }
    }

    @Test(arguments: Transport.allCases)
    func `a range of what has changed is the whole`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            for (validator, status) in [
                ("\"v1\"", 206), ("\"v0\"", 200), ("W/\"v1\"", 200), ("Sun, 06 Nov 1994 08:49:37 GMT", 200),
            ] {
                let reply = try await client(.get, "/file", headers: ["Range": "bytes=0-1", "If-Range": validator])
                #expect(reply.status == status)
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func `a file to delete is gone after its reply`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            for headers: Headers in [[:], ["Range": "bytes=1-1"], ["If-None-Match": "*"], ["Range": "bytes=99-"]] {
                _ = try await client(.get, "/once", headers: headers)
                while folder.names != ["digits"] { await Task.yield() }
            }
            #expect(try await client(.head, "/once").headers["Content-Length"] == "10")
            #expect(try await client(.get, "/empty").headers["Content-Length"] == "0")
        }
        #expect(folder.names == ["digits"])
    }
}
