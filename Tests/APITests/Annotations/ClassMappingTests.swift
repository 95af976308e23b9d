import HTTP
import JSON
import TestSupport
import Testing
import Volumes

@Suite struct ClassMappingTests {
    /// What `values=` makes of two pixels, 0 and 1, of a one-row slice of a project with awkward class names.
    private func labels(_ values: String) async throws -> Reply {
        let fixture = try APIFixture()
        let classes = #"{"classes":[{"name":"a, b: c"},{"name":"2"},{"name":"plain"}]}"#
        #expect(try await fixture(.put, "/v1/projects/p", classes).status == 201)
        let image = try fixture.file(Samples.image(extent: .init(z: 1, y: 1, x: 2)))
        #expect(try await fixture(.put, "/v1/projects/p/volumes/v", image).status == 201)
        let path = "/v1/projects/p/volumes/v/annotations"
        let query = PercentEncoding.encode(values)
        return try await fixture(.post, "\(path)?axis=z&index=0&values=\(query)", [0, 1])
    }

    @Test func `names with commas and colons can be mapped`() async throws {
        let reply = try await labels("0:a, b: c,1:plain")
        #expect(reply.status == 201, "\(reply.text)")
        #expect(reply.json["voxels"]["a, b: c"].number == 1)
        #expect(reply.json["voxels"]["plain"].number == 1)
    }

    @Test func `a class's name goes before its number`() async throws {
        let reply = try await labels("0:2,1:0")
        #expect(reply.json["voxels"]["2"].number == 1)
        #expect(reply.json["voxels"]["a, b: c"].number == 1)
    }

    @Test(arguments: ["", "0", "0=plain", "0:plain,0:2", "x:plain", "0:", ":plain"])
    func `what is no mapping is refused`(text: String) async throws {
        let reply = try await labels(text)
        #expect(reply.status == (text.isEmpty ? 400 : 422))
        #expect(reply.json["field"].string == "values")
    }

    @Test func `a class that was removed is not meant, and remedies leave it out`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let (place, path) = ("/v1/projects/p/volumes/v", "/v1/projects/p/volumes/v/annotations")
        let slice = "\(path)?axis=z&index=1"
        let ones = [UInt8](repeating: 1, count: 48)
        #expect(try await fixture(.post, slice, ones).status == 201)
        let cleared = try await fixture(.delete, path)
        #expect(cleared.status == 200)
        let classes = #"{"classes":[{"name":"out"},{"name":"in","removed":true},{"name":"edge"}]}"#
        #expect(try await fixture(.put, "/v1/projects/p", classes).status == 200)
        let change = Int(cleared.json["change"].number ?? 0)
        let restored = try await fixture(.post, "\(path)/restore?change=\(change)")
        #expect(restored.status == 409 && restored.detail.contains("the class \"in\", which was removed"))
        let mask: [UInt8] = (0..<48).map { $0 % 4 == 0 ? 255 : 0 }
        #expect(try await fixture(.post, slice, mask).detail.contains("values=0:out,255:edge"))
        #expect(try await fixture(.post, "\(slice)&values=0:out,255:edge", mask).json["voxels"]["edge"].number == 12)
        #expect(try await fixture(.get, "\(path)/z/1?format=raw").body == mask.map { $0 == 255 ? 2 : 0 })
        for meaning in ["in", "1"] {
            let refused = try await fixture(.post, "\(slice)&values=0:out,255:\(meaning)", mask)
            #expect(refused.status == 422 && refused.detail.contains("the classes are 0 (out), 2 (edge) and unlabeled"))
        }
        let labels = try fixture.file(Samples.labels { _, _, _ in 1 })
        let gone = [
            try await fixture(.post, slice, ones), try await fixture(.put, "\(place)/truth", labels),
            try await fixture(.put, path, labels),
        ]
        for reply in gone { #expect(reply.status == 422 && reply.detail.contains("the class \"in\" was removed")) }
    }
}
