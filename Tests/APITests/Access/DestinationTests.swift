import API
import Foundation
import HTTP
import Store
import TestSupport
import Testing
import Volumes

/// Bodies that can't be used are refused before they come.
@Suite(.timeLimit(.minutes(10))) struct DestinationTests {
    private static let slice = "annotations?axis=z&index=0"
    private static let volumes = "/v1/projects/p/volumes"

    /// The answer to a client that asks whether it may send its body; 100 if it may.
    private func ask(
        _ port: Int, _ line: String, length: Int = 40_000_000, headers: Headers = [:]
    ) async throws -> Reply {
        try await onThread {
            let connection = try RawConnection(port: port)
            var head = "\(line) HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n"
            for field in headers.fields { head += "\(field.name): \(field.value)\r\n" }
            connection.send(head + "\r\n")
            return try connection.reply()
        }
    }

    @Test func `a body for what isn't there is refused before it comes`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        try await withServer(fixture.router.freeze()) { port async throws in
            let long: [(String, Int)] = [
                ("POST /v1/projects/q/volumes/v/\(Self.slice)", 404), ("POST \(Self.volumes)/w/\(Self.slice)", 404),
                ("PUT /v1/projects/q/volumes/v", 404), ("PUT \(Self.volumes)/w/truth", 404),
                ("PUT \(Self.volumes)/w/annotations", 404), ("PUT /v1/projects/q/models/m", 404),
                ("POST \(Self.volumes)/v/\(Self.slice)&colour=red", 400),
                ("POST \(Self.volumes)/v/\(Self.slice)", 100), ("PUT \(Self.volumes)/w", 100),
                ("PUT \(Self.volumes)/v/truth", 100), ("PUT /v1/projects/p/models/m", 100),
            ]
            for (line, status) in long {
                let reply = try await ask(port, line)
                #expect(reply.status == status, "\(line): \(reply.text)")
                if status == 404 { #expect(reply.detail.hasPrefix("there is no"), "\(line): \(reply.text)") }
            }
            let short: [(String, Int)] = [
                ("POST /v1/projects/q/jobs", 404), ("POST /v1/projects/p/jobs/99/cancel", 404),
                ("POST /v1/projects/p/jobs", 100), ("PUT /v1/projects/q", 100),
            ]
            for (line, status) in short {
                #expect(try await ask(port, line, length: 2).status == status, "\(line)")
            }
        }
    }

    @Test func `a client that does not ask is answered while it sends, and the connection ends`() async throws {
        let fixture = try APIFixture()
        try await withServer(fixture.router.freeze()) { port async throws in
            let (reply, isClosed) = try await onThread {
                let connection = try RawConnection(port: port)
                connection.send("POST \(Self.volumes)/v/\(Self.slice) HTTP/1.1\r\nHost: localhost\r\n")
                connection.send("Content-Length: 66060288\r\n\r\n")
                connection.send([UInt8](repeating: 0, count: 4_000_000))
                return (try connection.reply(), connection.isClosedByServer())
            }
            #expect(reply.status == 404 && reply.headers["Connection"]?.lowercased() == "close")
            #expect(isClosed)
        }
    }

    @Test func `a token that may not is refused before the body comes`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let viewer = try await fixture.token("vera", .viewer)
        let annotator = try await fixture.token("anna", .annotator, projects: ["p"])
        _ = try await fixture(
            .put, "/v1/projects/q", headers: try await fixture.token("ada", .admin),
            Array(#"{"classes":[{"name":"a"},{"name":"b"}]}"#.utf8))
        try await withServer(fixture.router.freeze()) { port async throws in
            let line = "POST \(Self.volumes)/v/\(Self.slice)"
            #expect(try await ask(port, line).status == 401)
            #expect(try await ask(port, line, headers: viewer).status == 403)
            #expect(try await ask(port, line, headers: annotator).status == 100)
            // Nor does it learn what there is in other projects.
            for volume in ["v", "w"] {
                let other = "POST /v1/projects/q/volumes/\(volume)/\(Self.slice)"
                #expect(try await ask(port, other, headers: annotator).status == 403)
            }
        }
    }

    @Test func `a request that was answered gets its answer again, though its project has gone`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let key: Headers = ["Idempotency-Key": "once", "Content-Length": "48"]
        let slice = [UInt8](repeating: 1, count: 48)
        let target = "\(Self.volumes)/v/\(Self.slice)"
        #expect(try await fixture(.post, target, headers: key, slice).status == 201)
        #expect(try await fixture(.delete, "/v1/projects/p", "").status == 204)
        #expect(try await fixture(.post, target, headers: key, slice).status == 201)
        let other: Headers = ["Idempotency-Key": "twice", "Content-Length": "48"]
        #expect(try await fixture(.post, target, headers: other, slice).status == 404)
    }

    @Test func `a slice of more than a megabyte goes by way of a file, of which nothing is left`() async throws {
        let fixture = try APIFixture()
        let extent = Extent(z: 1, y: 1100, x: 1000)
        let voxels = [UInt8](repeating: 7, count: extent.voxels)
        try await fixture.furnish(
            InMemoryVolume(header: VolumeHeader(extent: extent, element: .uint8), values: voxels))
        var slice = (0..<extent.voxels).map { UInt8($0 % 3) }
        let key: Headers = ["Idempotency-Key": "once"]
        let target = "\(Self.volumes)/v/\(Self.slice)"
        #expect(try await fixture(.post, target, headers: key, slice).status == 201)
        let again = try await fixture(.post, target, headers: key, slice)
        #expect(again.status == 201 && again.headers["Idempotency-Replayed"] == "true")
        slice[1_090_000] = 255
        #expect(try await fixture(.post, target, headers: key, slice).status == 422)
        let uploads = fixture.store.folder.appending(path: "uploads").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: uploads) == [])
        slice[1_090_000] = UInt8(1_090_000 % 3)
        #expect(try await fixture(.get, "\(Self.volumes)/v/annotations/z/0?format=raw").body == slice)
    }

    @Test func `what a crash left of bodies is removed by the next start`() throws {
        let fixture = try APIFixture()
        let uploads = fixture.store.folder.appending(path: "uploads")
        try FileManager.default.createDirectory(at: uploads, withIntermediateDirectories: true)
        try Data([1]).write(to: uploads.appending(path: "upload-of-a-slice"))
        _ = API(store: fixture.store, jobs: fixture.jobs, predictions: fixture.predictions)
        #expect(try FileManager.default.contentsOfDirectory(atPath: uploads.path) == [])
    }
}
