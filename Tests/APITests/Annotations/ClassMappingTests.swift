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
        #expect(reply.status == 422)
        #expect(reply.json["field"].string == "values")
    }
}
