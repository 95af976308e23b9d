import API
import Foundation
import HTTP
import Store
import TestSupport
import Testing
import Volumes

@Suite struct BackupTests {
    private static let annotations = "/v1/projects/p/volumes/v/annotations"
    private static let slice: [UInt8] = (0..<48).map { UInt8($0 % 3) }

    /// Where a copy lies while it is sent.
    private func copy(_ fixture: APIFixture) -> URL { fixture.store.folder.appending(path: "scratch/backup.sqlite") }

    @Test func `a backup is a database with which another server starts, and leaves nothing behind`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.post, "\(Self.annotations)?axis=z&index=1", Self.slice).status == 201)
        let reply = try await fixture(.get, "/v1/backup")
        #expect(reply.status == 200)
        #expect(reply.headers["Content-Type"] == "application/octet-stream")
        #expect(reply.headers["Content-Disposition"]?.hasSuffix(".sqlite\"") == true)
        #expect(reply.headers["Cache-Control"] == "no-store")
        #expect(try await fixture(.delete, "/v1/projects/p").status == 204)
        let folder = fixture.folder.url.appending(path: "restored")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(reply.body).write(to: folder.appending(path: "slicewise.sqlite"))
        let restored = try Store(folder: folder)
        let project = try await restored.project(named: "p")
        let volume = try await restored.volume(project: project.id, name: "v")
        let stored = try await restored.annotation(volume: volume.id, at: SlicePosition(.z, 1))
        #expect(stored.values == Self.slice)
        try restored.close()
        let scratch = copy(fixture).deletingLastPathComponent()
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
    }

    @Test func `there is one at a time, and others are told when to ask again`() async throws {
        let fixture = try APIFixture()
        let copy = copy(fixture)
        try FileManager.default.createDirectory(
            at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data([1]).write(to: copy)
        let busy = try await fixture(.get, "/v1/backup")
        #expect(busy.status == 503 && busy.headers["Retry-After"] == "30")
        #expect(try await fixture(.head, "/v1/backup").status == 503)
        try FileManager.default.removeItem(at: copy)
        #expect(try await fixture(.get, "/v1/backup").status == 200)
        #expect(try await fixture(.get, "/v1/backup").status == 200)
    }

    @Test func `only an admin for all projects gets one`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let admin = try await fixture.token("anna", .admin)
        let others = [
            try await fixture.token("ben", .trainer), try await fixture.token("cleo", .admin, projects: ["p"]),
        ]
        for other in others { #expect(try await fixture(.get, "/v1/backup", headers: other).status == 403) }
        #expect(try await fixture(.get, "/v1/backup").status == 401)
        #expect(try await fixture(.get, "/v1/backup", headers: admin).status == 200)
    }

    @Test func `a part of one, or its head alone, is not copied for`() async throws {
        let fixture = try APIFixture()
        #expect(try await fixture(.get, "/v1/backup", headers: ["Range": "bytes=0-9"]).status == 416)
        let head = try await fixture(.head, "/v1/backup")
        #expect(head.status == 200 && head.headers["Content-Type"] == "application/octet-stream")
        #expect(!FileManager.default.fileExists(atPath: copy(fixture).path))
    }
}
