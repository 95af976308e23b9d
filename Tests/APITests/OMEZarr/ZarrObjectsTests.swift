import Foundation
import HTTP
import JSON
import Store
import TestSupport
import Testing
import Volumes

@Suite struct ZarrObjectsTests {
    private static let place = "/v1/projects/p/volumes/v"
    private static let extent = Extent(z: 3, y: 70, x: 130)

    /// The number of the object of each voxel: a bar through two bricks, and a smaller one.
    private static let numbers: [UInt16] = (0..<extent.voxels).map { voxel in
        let (row, x) = voxel.quotientAndRemainder(dividingBy: extent.x)
        let (z, y) = row.quotientAndRemainder(dividingBy: extent.y)
        if (10..<14).contains(y), (50..<90).contains(x) { return 1 }
        return z > 0 && (66..<69).contains(y) && (100..<103).contains(x) ? 2 : 0
    }

    /// A volume in which a model `m` predicts the class `in` where there are objects.
    private func predicted() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image(extent: Self.extent))
        let store = fixture.store
        let project = try await store.project(named: "p")
        let volume = try await store.volume(project: project.id, name: "v")
        let model = try await store.addModel(
            project: project.id,
            NewModel(
                name: "m", classes: ["out", "in", "edge"], recipe: "{}", configuration: "{}", seed: 1, job: nil),
            weights: Data([1]))
        let box = Box(extent: Self.extent)
        let labels = try store.makeGrid(header: volume.header.with(element: .uint8))
        try labels.write(box: box, channel: 0, values: Self.numbers.map { UInt8($0 > 0 ? 1 : 0) })
        let shares = try store.makeGrid(header: volume.header.with(element: .uint16, channels: 3))
        for channel in 0..<3 {
            try shares.write(
                box: box, channel: channel, values: [UInt16](repeating: 21845, count: Self.extent.voxels))
        }
        _ = try await store.putPrediction(
            volume: volume.id, model: model.id, labels: try labels.finish(), probability: try shares.finish())
        return fixture
    }

    private func bytes(_ values: [UInt16]) -> [UInt8] { values.withUnsafeBytes { [UInt8]($0) } }

    @Test(arguments: ["ome.zarr", "ome.zarr3"])
    func `objects of a class are labels in all levels, at an address of their own`(_ folder: String) async throws {
        let fixture = try await predicted()
        let isNew = folder == "ome.zarr3"
        let objects = "\(Self.place)/\(folder)/labels/objects/in"
        let document = try await fixture(.get, "\(objects)/\(isNew ? "zarr.json" : ".zattrs")").json
        let attributes = isNew ? document["attributes"]["ome"] : document
        #expect(attributes["multiscales"][0]["name"].string == "objects of in")
        #expect(attributes["multiscales"][0]["datasets"].count == 3)
        #expect(attributes["image-label"]["source"]["image"].string == "../../../")
        #expect(attributes["image-label"]["colors"] == .null)
        let reader = ZarrReader(fixture: fixture, root: "\(Self.place)/\(folder)")
        let whole = try await reader.array("labels/objects/in/0")
        #expect(whole.shape == [3, 70, 130] && whole.bytes == bytes(Self.numbers))
        // Of y and x, whose voxels are shorter, every fourth one.
        let coarse = (0..<3).flatMap { z in
            stride(from: 0, to: 70, by: 2).flatMap { y in
                stride(from: 0, to: 130, by: 4).map { x in Self.numbers[(z * 70 + y) * 130 + x] }
            }
        }
        let last = try await reader.array("labels/objects/in/2")
        #expect(last.shape == [3, 35, 33] && last.bytes == bytes(coarse))
        // It is what the other call gives as a file.
        let file = try fixture.volume(try await fixture(.get, "\(Self.place)/objects?class=in&format=npy").body)
        #expect(try InMemoryVolume(copyOf: file).bytes == whole.bytes)
    }

    @Test(arguments: ["ome.zarr/.zmetadata", "ome.zarr3/zarr.json", "ome.zarr/labels/.zattrs"])
    func `objects are not listed, for programs open all labels that are`(_ document: String) async throws {
        let fixture = try await predicted()
        let text = try await fixture(.get, "\(Self.place)/\(document)").text
        #expect(text.contains("prediction") && !text.contains("objects"))
    }

    @Test(arguments: [
        ("ome.zarr/labels/objects/cell/.zattrs", 404, "has no"), ("ome.zarr/labels/objects/.zgroup", 404, "has no"),
        ("ome.zarr/labels/objects/in/7/.zarray", 404, "has no"), ("ome.zarr3/labels/objects/in", 404, "begin"),
        ("ome.zarr/labels/objects/in/0/0/2/0", 404, "no chunk"),
        ("ome.zarr/labels/objects/in/9/0/0/0", 404, "no chunk"),
        ("ome.zarr3/labels/objects/in/0/c/0/1/0", 404, "fill value"),
        ("ome.zarr/labels/objects/cell/0/0/0/0", 410, "no class cell"),
    ])
    func `what is not there is told from what is empty`(_ path: String, _ status: Int, _ detail: String) async throws {
        let reply = try await predicted()(.get, "\(Self.place)/\(path)")
        #expect(reply.status == status && reply.detail.contains(detail), "\(reply.status) \(reply.detail)")
    }

    @Test func `without a prediction there are no objects, and none when it is gone`() async throws {
        let fixture = try await predicted()
        #expect(try await fixture(.get, "\(Self.place)/ome.zarr/labels/objects/in/0/0/0/0").status == 200)
        #expect(try await fixture(.delete, "/v1/projects/p/models/m").status == 204)
        #expect(try await fixture(.get, "\(Self.place)/ome.zarr/labels/objects/in/.zattrs").status == 404)
        #expect(try await fixture(.get, "\(Self.place)/ome.zarr/labels/objects/in/0/0/0/0").status == 410)
    }
}
