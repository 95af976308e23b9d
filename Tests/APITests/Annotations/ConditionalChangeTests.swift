import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// `If-Match` and `If-None-Match` on what changes annotations and truth.
@Suite struct ConditionalChangeTests {
    private static let place = "/v1/projects/p/volumes/v"
    private static let annotations = "\(place)/annotations"
    private static let slice: [UInt8] = (0..<48).map { UInt8($0 % 3) }

    private func furnished() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.post, "\(Self.annotations)?axis=z&index=1", Self.slice).status == 201)
        return fixture
    }

    private func tag(_ fixture: APIFixture, _ path: String, _ headers: Headers = [:]) async throws -> String {
        try #require(try await fixture(.get, path, headers: headers).headers["ETag"])
    }

    @Test(arguments: ["png", "npy", "raw"]) func `a slice is changed only as long as it is the one that was seen`(
        format: String
    ) async throws {
        let fixture = try await furnished()
        let post = "\(Self.annotations)?axis=z&index=1"
        let seen = try await tag(fixture, "\(Self.annotations)/z/1?format=\(format)")
        #expect(try await fixture(.post, post, headers: ["If-Match": seen], Self.slice).status == 201)
        let late = try await fixture(.post, post, headers: ["If-Match": "\"x\", \(seen)"], Self.slice)
        #expect(late.status == 412 && late.detail.contains("slice 1 on axis z has changed"))
        #expect(try await fixture(.delete, "\(Self.annotations)/z/1", headers: ["If-Match": seen]).status == 412)
        let now = try await tag(fixture, "\(Self.annotations)/z/1?format=\(format)")
        #expect(try await fixture(.delete, "\(Self.annotations)/z/1", headers: ["If-Match": now]).status == 200)
        #expect(try await fixture(.post, post, headers: ["If-Match": "*"], Self.slice).status == 412)
    }

    @Test func `If-None-Match with a star makes only what is not there`() async throws {
        let fixture = try await furnished()
        let star: Headers = ["If-None-Match": "*"]
        #expect(try await fixture(.post, "\(Self.annotations)?axis=z&index=1", headers: star, Self.slice).status == 412)
        #expect(try await fixture(.post, "\(Self.annotations)?axis=z&index=2", headers: star, Self.slice).status == 201)
        let truth = try fixture.file(Samples.labels())
        #expect(try await fixture(.put, "\(Self.place)/truth", headers: star, truth).status == 201)
        #expect(try await fixture(.put, "\(Self.place)/truth", headers: star, truth).status == 412)
    }

    @Test func `label volumes and truths go by the tags of their files, packed or not`() async throws {
        let fixture = try await furnished()
        let dense = try fixture.file(Samples.labels())
        let list = try await tag(fixture, Self.annotations)
        let packed = try await tag(fixture, "\(Self.place)/labels?format=npy", ["Accept-Encoding": "gzip"])
        #expect(try await fixture(.get, Self.annotations, headers: ["If-None-Match": list]).status == 304)
        #expect(try await fixture(.put, Self.annotations, headers: ["If-Match": packed], dense).status == 201)
        #expect(try await fixture(.put, Self.annotations, headers: ["If-Match": list], dense).status == 412)
        #expect(try await fixture(.delete, Self.annotations, headers: ["If-Match": list]).status == 412)
        let coloured = try await tag(fixture, "\(Self.place)/labels?format=tiff")
        let role = "\(Self.annotations)/z/1/role?role=test"
        #expect(try await fixture(.put, role, headers: ["If-Match": list]).status == 412)
        let trial = "\(Self.annotations)?dry-run=true"
        #expect(try await fixture(.put, trial, headers: ["If-Match": coloured], dense).status == 200)
        let now = try await tag(fixture, Self.annotations)
        #expect(try await fixture(.delete, Self.annotations, headers: ["If-Match": now]).status == 200)
        #expect(try await fixture(.put, "\(Self.place)/truth", headers: ["If-Match": "*"], dense).status == 412)
        #expect(try await fixture(.put, "\(Self.place)/truth", dense).status == 201)
        let truth = try await tag(fixture, "\(Self.place)/truth?format=tiff")
        #expect(try await fixture(.delete, "\(Self.place)/truth", headers: ["If-Match": list]).status == 412)
        #expect(try await fixture(.delete, "\(Self.place)/truth", headers: ["If-Match": truth]).status == 204)
    }

    @Test func `projects, volumes and models go by their tags, and what has none refuses conditions`() async throws {
        let fixture = try await furnished()
        let (project, model) = ("/v1/projects/p", "/v1/projects/p/models/m")
        let stale: Headers = ["If-Match": "\"stale\""]
        let classes = #"{"classes":[{"name":"out"},{"name":"in"},{"name":"edge"}],"description":"new"}"#
        let seen = try await tag(fixture, project)
        #expect(try await fixture(.put, project, headers: stale, Array(classes.utf8)).status == 412)
        #expect(try await fixture(.put, project, headers: ["If-Match": seen], Array(classes.utf8)).status == 200)
        #expect(try await fixture(.put, project, headers: ["If-Match": seen], Array(classes.utf8)).status == 412)
        #expect(try await fixture(.put, model, headers: ["If-None-Match": "*"], Nets.file()).status == 201)
        #expect(try await fixture(.put, model, headers: ["If-None-Match": "*"], Nets.file()).status == 412)
        #expect(try await fixture(.delete, model, headers: stale).status == 412)
        let weights = try await tag(fixture, "\(model)/weights")
        #expect(try await fixture(.delete, model, headers: ["If-Match": weights]).status == 204)
        #expect(try await fixture(.delete, Self.place, headers: stale).status == 412)
        let image = try await tag(fixture, "\(Self.place)/image?format=npy")
        #expect(try await fixture(.delete, Self.place, headers: ["If-Match": image]).status == 204)
        let job = try await fixture(.post, "\(project)/jobs", headers: stale, Array(#"{"kind":"train"}"#.utf8))
        #expect(job.status == 400 && job.detail.contains("can't be made conditional"))
    }

    /// The statuses of calls that are made at the same time, in order of size.
    private func together(
        _ fixture: APIFixture, _ method: HTTP.Method, _ path: String, _ headers: Headers, _ bodies: [[UInt8]]
    ) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for body in bodies { group.addTask { try await fixture(method, path, headers: headers, body).status } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
    }

    @Test func `of several that make or change the same thing at once one wins`() async throws {
        let fixture = try await furnished()
        let star: Headers = ["If-None-Match": "*"]
        let one = [201, 412, 412, 412]
        let truths = try (0..<4).map { number in try fixture.file(Samples.labels { _, _, _ in UInt8(number % 3) }) }
        #expect(try await together(fixture, .put, "\(Self.place)/truth", star, truths) == one)
        let seen: Headers = ["If-Match": try await tag(fixture, "\(Self.place)/truth")]
        let removed = try await together(fixture, .delete, "\(Self.place)/truth", seen, [[], [], []])
        #expect(removed.first == 204 && !removed.dropFirst().contains { $0 < 300 }, "\(removed)")
        let slices = (0..<4).map { [UInt8](repeating: UInt8($0 % 3), count: 48) }
        #expect(try await together(fixture, .post, "\(Self.annotations)?axis=z&index=3", star, slices) == one)
        let images = try (0..<4).map { try fixture.file(Samples.image(offset: $0)) }
        #expect(try await together(fixture, .put, "/v1/projects/p/volumes/w", star, images) == one)
        let nets = try (0..<4).map { _ in try Nets.file() }
        #expect(try await together(fixture, .put, "/v1/projects/p/models/m", star, nets) == one)
        let projects = (0..<4).map { Array(#"{"classes":[{"name":"a"},{"name":"b"}],"description":"\#($0)"}"#.utf8) }
        #expect(try await together(fixture, .put, "/v1/projects/q", star, projects) == one)
        let known: Headers = ["If-Match": try await tag(fixture, "/v1/projects/q")]
        let others = (4..<8).map { Array(#"{"description":"\#($0)"}"#.utf8) }
        #expect(try await together(fixture, .put, "/v1/projects/q", known, others) == [200, 412, 412, 412])
    }

    /// What changes a slice, in an image that was seen.
    private static func changes(of image: String) -> [(method: HTTP.Method, path: String, body: [UInt8])] {
        [
            (.post, "\(annotations)?axis=z&index=1&if-image=\(image)", slice),
            (.post, "\(annotations)/z/1/restore?revision=1&if-image=\(image)", []),
            (.put, "\(annotations)/z/1/role?role=test&if-image=\(image)", []),
            (.delete, "\(annotations)/z/1?if-image=\(image)", []),
        ]
    }

    @Test func `what was drawn on an image is refused by another that took its place`() async throws {
        let fixture = try await furnished()
        let seen = try await fixture(.get, Self.place).json
        let (version, hash) = (try #require(seen["version"].string), try #require(seen["sha256"].string))
        for image in [version, hash.uppercased()] {
            for change in Self.changes(of: image) {
                let reply = try await fixture(change.method, change.path, change.body)
                #expect(reply.status == 200 || reply.status == 201, "\(change.path): \(reply.detail)")
            }
        }
        let other = try fixture.file(Samples.image(offset: 9))
        #expect(try await fixture(.put, "\(Self.place)?replace=true", other).status == 200)
        let before = try await fixture(.get, "\(Self.annotations)/z/1/history").json
        for change in Self.changes(of: version) + Self.changes(of: hash) {
            let reply = try await fixture(change.method, change.path, change.body)
            #expect(reply.status == 409 && reply.json["field"].string == "if-image", "\(change.path)")
        }
        #expect(try await fixture(.get, "\(Self.annotations)/z/1/history").json == before)
        let now = try #require(try await fixture(.get, Self.place).json["version"].string)
        #expect(now != version)
        let post = Self.changes(of: now)[0]
        #expect(try await fixture(post.method, post.path, post.body).status == 201)
        let word = try await fixture(.post, "\(Self.annotations)?axis=z&index=1&if-image=yesterday", Self.slice)
        #expect(word.status == 422 && word.detail.contains("hexadecimal"))
    }

    @Test func `the same file read otherwise is another version, of other size too`() async throws {
        let fixture = try APIFixture()
        let image = try Samples.image()
        try await fixture.furnish(image)
        let seen = try await fixture(.get, Self.place).json
        let version = try #require(seen["version"].string)
        let file = try fixture.file(image)
        #expect(try await fixture(.put, "\(Self.place)?replace=true", file).json["version"].string == version)
        let corrected = try await fixture(.put, "\(Self.place)?replace=true&spacing=7,1,1", file).json
        #expect(corrected["version"].string != version && corrected["sha256"] == seen["sha256"])
        let post = "\(Self.annotations)?axis=z&index=1&region=0,0,1,1&if-image="
        #expect(try await fixture(.post, post + version, [1]).status == 409)
        let smaller = try fixture.file(Samples.image(offset: 1), as: .npy)
        #expect(try await fixture(.put, "\(Self.place)?replace=true&axes=cxyz", smaller).status == 200)
        let late = try await fixture(.post, "\(Self.annotations)?axis=z&index=1&if-image=\(version)", Self.slice)
        #expect(late.status == 409 && late.detail.contains("another image"))
    }

    @Test func `an earlier revision can be looked at, and a conflict names whose revision stands`() async throws {
        let fixture = try await furnished()
        let first = try await fixture(.get, "\(Self.annotations)/z/1/history").json[0]
        let revision = Int(try #require(first["revision"].number))
        let other = [UInt8](repeating: 2, count: 48)
        let path = "\(Self.annotations)?axis=z&index=1"
        #expect(try await fixture(.post, "\(path)&author=ana", other).json["author"].string == "ana")
        let old = try await fixture(.get, "\(Self.annotations)/z/1?format=raw&revision=\(revision)")
        #expect(old.body == Self.slice)
        let array = try await fixture(.get, "\(Self.annotations)/z/1?format=npy&revision=\(revision)")
        #expect(try LabelPicture(npy: array.body).values == Self.slice)
        #expect(try await fixture(.get, "\(Self.annotations)/z/1?revision=99").status == 404)
        #expect(try await fixture(.get, "\(Self.annotations)/z/2?revision=\(revision)").status == 404)
        let conflict = try await fixture(.post, "\(path)&if-revision=\(revision)", Self.slice)
        #expect(conflict.status == 409)
        #expect(conflict.detail.contains("by ana of 20"))
        let cleared = try await fixture(.delete, "\(Self.annotations)/z/1").json["revision"].number
        let gone = try await fixture(.get, "\(Self.annotations)/z/1?revision=\(Int(cleared ?? 0))")
        #expect(gone.status == 404 && gone.detail.contains("cleared"))
    }
}
