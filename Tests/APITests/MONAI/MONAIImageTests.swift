import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

@Suite struct MONAIImageTests {
    private func file(_ world: MONAIWorld, offset: Int, as format: VolumeFormat = .niftiGzip) throws -> [UInt8] {
        try world.fixture.file(MONAIWorld.image(offset: offset), as: format)
    }

    @Test(arguments: ["/datastore/?image=MRHead", "/datastore/image?image=MRHead"])
    func `an image that 3D Slicer uploads becomes a volume, and comes back`(_ target: String) async throws {
        let world = try await MONAIWorld()
        let bytes = try file(world, offset: 7)
        let put = try await world.client.send(.put, target, .init(field: "file", bytes: bytes))
        #expect(put.status == 200, "\(put.text)")
        #expect(put.json["image"].string == "MRHead")
        #expect(try await world.fixture(.get, "/v1/projects/p/volumes/MRHead").status == 200)
        let image = try await world.client.get("/datastore/image?image=MRHead")
        #expect(image.headers["Content-Disposition"] == #"attachment; filename="MRHead.nii.gz""#)
        let volume = try InMemoryVolume(copyOf: world.fixture.volume(image.body))
        #expect(try volume.bytes == MONAIWorld.image(offset: 7).bytes)
        #expect(volume.header.place.affine == MONAIWorld.affine)
        let info = try await world.client.get("/datastore/image/info?image=MRHead").json
        #expect(info["name"].string == "MRHead.nii.gz" && info["shape"]["z"].number == 12)
        let sum = try #require(info["sha256"].string)
        let known = "/datastore/image?image=MRHead&check_sum=SHA256:"
        #expect(try await world.fixture(.head, "/monai/p\(known)\(sum)").status == 200)
        #expect(try await world.client.get("\(known)00").status == 404)
        #expect(try await world.client.delete("/datastore/?id=MRHead").json == [:])
        #expect(try await world.client.get("/datastore/image?image=MRHead").status == 404)
    }

    @Test func `the same file again is no fault, another one is refused unless it shall replace`() async throws {
        let world = try await MONAIWorld()
        let first = try file(world, offset: 1, as: .nrrd)
        for _ in 0..<2 {
            let put = try await world.client.send(.put, "/datastore/?image=w", .init(field: "file", bytes: first))
            #expect(put.status == 200)
        }
        let other = MONAIClient.File(field: "file", bytes: try file(world, offset: 2, as: .nrrd))
        let refused = try await world.client.send(.put, "/datastore/?image=w", other)
        #expect(refused.status == 409)
        #expect(refused.detail.contains("another name"))
        let replaced = try await world.client.send(
            .put, "/datastore/?image=w", params: #"{"replace": true, "client_id": null}"#, other)
        #expect(replaced.status == 200)
    }

    @Test func `names that are none are refused with one that would do`() async throws {
        let world = try await MONAIWorld()
        let image = MONAIClient.File(field: "file", name: "/home/anna/Scan.ome.tif", bytes: try file(world, offset: 1))
        let reply = try await world.client.send(.put, "/datastore/?image=4%3A+CT+Chest+%28axial%29", image)
        #expect(reply.status == 422)
        #expect(reply.json["field"].string == "image")
        #expect(reply.detail.contains("rename the volume (module Data) to 4--CT-Chest--axial-"))
        #expect(try await world.client.send(.put, "/datastore/", image).json["image"].string == "Scan")
        let slice = MONAIClient.File(field: "file", name: "/tmp/IMG1.dcm", bytes: Array("DICM".utf8))
        let dicom = try await world.client.send(.put, "/datastore/?image=IMG1", slice)
        #expect(dicom.status == 422)
        #expect(dicom.detail.contains("DICOM"))
        let text = MONAIClient.File(field: "file", bytes: Array("no image".utf8))
        #expect(try await world.client.send(.put, "/datastore/?image=x", text).status == 415)
        #expect(try await world.client.send(.put, "/datastore/?image=x").status == 400)
        #expect(try await world.client.send(.put, "/datastore/?image=x", params: "[1]", image).status == 400)
        #expect(try await world.fixture(.put, "/monai/p/datastore?image=x", "plain").status == 400)
        let json = try await world.fixture(
            .put, "/monai/p/datastore?image=x", headers: ["Content-Type": "application/json"], Array("{}".utf8))
        #expect(json.status == 415)
    }

    @Test func `the data store lists images with the labels that there are`() async throws {
        let world = try await MONAIWorld()
        #expect(try await world.client.get("/datastore/?output=stats").json["total"].number == 1)
        #expect(try await world.client.get("/datastore/?output=train").json.count == 0)
        let before = try await world.client.get("/datastore/?output=all").json["objects"]["v"]
        #expect(before["image"]["ext"].string == ".nii.gz")
        #expect(before["labels"].names.isEmpty)
        try await world.predict(try MONAIWorld.labels { _, _, x in x < 4 ? 0 : 2 })
        _ = try await world.submit(
            try MONAIWorld.labels { z, _, x in z == 2 && x > 3 ? 1 : 0 }, as: #"[{"name": "in", "idx": 1}]"#)
        let labels = try await world.client.get("/datastore/?output=all").json["objects"]["v"]["labels"]
        #expect(labels.names == ["final", "original"])
        #expect(labels["original"]["info"]["params"]["label_names"] == ["background": 0, "edge": 1, "in": 2])
        #expect(labels["final"]["info"]["label_info"][2]["name"].string == "in")
        let pairs = try await world.client.get("/datastore/?output=train").json
        let label = try #require(pairs[0]["label"].string)
        #expect(try await world.fixture(.get, label).status == 200)
        #expect(try await world.client.get("/datastore/?output=none").status == 422)
        let original = try await world.client.get("/datastore/label?label=v&tag=original")
        let values = try InMemoryVolume(copyOf: world.fixture.volume(original.body)).bytes
        #expect(try values == MONAIWorld.labels { _, _, x in x < 4 ? 1 : 2 }.bytes)
        #expect(try await world.client.get("/datastore/label?label=v&tag=mine").status == 404)
    }

    @Test func `the next image is the one whose prediction is least sure, with its slice`() async throws {
        let world = try await MONAIWorld()
        let untouched = try await world.client.post("/activelearning/uncertainty").json
        #expect(untouched["id"].string == "v" && untouched["name"].string == "v.nii.gz")
        #expect(untouched["axis"] == .null)
        #expect(try await world.client.post("/activelearning/first").json["id"].string == "v")
        try await world.predict(try MONAIWorld.labels { _, _, _ in 1 })
        let sample = try await world.client.post("/activelearning/uncertainty/").json
        #expect(sample["id"].string == "v" && sample["model"].string == "m")
        #expect(sample["axis"].string != nil && sample["index"].number != nil)
        #expect(sample["weight"].number ?? 0 > 0)
        _ = try await world.submit(
            try MONAIWorld.labels { z, _, x in z == 2 && x > 3 ? 1 : 0 }, as: #"[{"name": "in", "idx": 1}]"#)
        #expect(try await world.client.post("/activelearning/first").json == [:])
        let unknown = try await world.client.post("/activelearning/random")
        #expect(unknown.status == 404)
        #expect(unknown.detail.contains("uncertainty and first"))
    }
}
