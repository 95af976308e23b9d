import Foundation
import HTTP
import JSON
import Store
import TestSupport
import Testing
import Volumes

@Suite struct ObjectTests {
    private static let objects = "/v1/projects/p/volumes/v/objects"

    /// A world with a model `m`, by which two parts of the class `in` are in `v`: four columns, and one voxel.
    private func predicted() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.put, "/v1/projects/p/models/m", Nets.file()).status == 201)
        let store = fixture.store
        let project = try await store.project(named: "p")
        let volume = try await store.volume(project: project.id, name: "v")
        let model = try await store.model(project: project.id, name: "m")
        let labels = try Samples.labels { z, y, x in
            (1...2).contains(y) && (3...4).contains(x) || (z, y, x) == (3, 5, 7) ? 1 : 0
        }
        let shares = try InMemoryVolume(
            header: volume.header.with(element: .uint16, channels: 3),
            values: [UInt16](repeating: 21845, count: 3 * volume.header.extent.voxels))
        _ = try await store.putPrediction(
            volume: volume.id, model: model.id, labels: try grid(labels, store), probability: try grid(shares, store))
        return fixture
    }

    private func grid(_ source: any VoxelSource, _ store: Store) throws -> VoxelGridID {
        let writer = try store.makeGrid(header: source.header)
        try writer.write(source)
        return try writer.finish()
    }

    @Test func `objects of a class come with sizes and places, the largest first`() async throws {
        let fixture = try await predicted()
        let reply = try await fixture(.get, "\(Self.objects)?class=in")
        #expect(reply.status == 200 && reply.headers["X-Slicewise-Model"] == "m")
        #expect(reply.json["class"].string == "in" && reply.json["unit"].string == "micrometer")
        #expect(reply.json["objects"].count == 2)
        let first = reply.json["objects"][0]
        #expect(first["id"].number == 1 && first["voxels"].number == 16 && first["volume"].number == 8)
        #expect(first["center"] == ["z": 1.5, "y": 1.5, "x": 3.5] as JSONValue)
        #expect(first["position"] == ["z": 3.0, "y": 0.75, "x": 1.75] as JSONValue)
        #expect(first["from"]["x"].number == 3 && first["to"]["x"].number == 5 && first["to"]["z"].number == 4)
        #expect(reply.json["objects"][1]["voxels"].number == 1)
        let large = try await fixture(.get, "\(Self.objects)?class=in&min-voxels=2&model=m")
        #expect(large.json["objects"].count == 1)
        #expect(try await fixture(.get, "\(Self.objects)?class=edge").json["objects"].count == 0)
    }

    @Test func `the same comes as CSV, and as volumes of ids`() async throws {
        let fixture = try await predicted()
        let csv = try await fixture(.get, "\(Self.objects)?class=in&format=csv").text.split(separator: "\n")
        #expect(csv.count == 3)
        #expect(csv[0].hasPrefix("id,voxels,volume,center_z,center_y,center_x,position_z"))
        #expect(csv[1] == "1,16,8.0,1.5,1.5,3.5,3.0,0.75,1.75,0,1,3,4,3,5,true,micrometer")
        for format in ["npy", "nii.gz", "tiff"] {
            let file = try await fixture(.get, "\(Self.objects)?class=in&format=\(format)")
            #expect(file.headers["Content-Disposition"]?.contains("v-objects-in-m.\(format)") == true)
            let ids = try InMemoryVolume(copyOf: fixture.volume(file.body))
            #expect(ids.header.element == .uint16)
            let values = ids.bytes.withUnsafeBytes { [UInt16]($0.bindMemory(to: UInt16.self)) }
            #expect(values.filter { $0 == 1 }.count == 16 && values.filter { $0 == 2 }.count == 1)
            #expect(values.last == 2 && values.filter { $0 > 2 }.isEmpty)
        }
    }

    @Test func `without a class, with an unknown one or without a prediction it is said what is right`() async throws {
        let fixture = try await predicted()
        for query in ["", "?class=cell"] {
            let reply = try await fixture(.get, Self.objects + query)
            #expect(reply.status == 422 && reply.detail.contains("out, in, edge"), "\(query)")
        }
        #expect(try await fixture(.get, "\(Self.objects)?class=in&min-voxels=0").status == 422)
        let bare = try APIFixture()
        try await bare.furnish(Samples.image())
        #expect(try await bare(.get, "\(Self.objects)?class=in").status == 404)
    }
}
