import Foundation
import HTTP
import JSON
import Jobs
import Store
import TestSupport
import Testing
import Volumes

@Suite struct MONAIInferTests {
    /// Classes edge, background and in.
    private static func prediction(_ z: Int, _ y: Int, _ x: Int) -> UInt8 { z == 0 ? 0 : x < 5 ? 1 : 2 }
    /// The same as values.
    private static func values(_ z: Int, _ y: Int, _ x: Int) -> UInt8 { z == 0 ? 1 : x < 5 ? 0 : 2 }

    private func predicted() async throws -> MONAIWorld {
        let world = try await MONAIWorld()
        try await world.predict(try MONAIWorld.labels(Self.prediction))
        return world
    }

    @Test(arguments: [(#"{"result_extension": ".nrrd", "result_dtype": "uint8"}"#, "nrrd"), ("{}", "nii.gz")])
    func `a form has the parameters, then the labels on the grid of the image`(
        _ params: String, _ ending: String
    ) async throws {
        let world = try await predicted()
        let reply = try await world.client.send(.post, "/infer/latest?image=v", params: params)
        #expect(reply.status == 200, "\(reply.text)")
        // The client does not understand chunks, and takes no answer for one in its own type.
        #expect(reply.headers["Content-Type"]?.hasPrefix("multipart/form-data; boundary=") == true)
        #expect(reply.headers["Content-Type"]?.contains("\"") == false)
        let (parameters, name, file) = try world.client.parts(of: reply)
        #expect(parameters["label_names"] == ["background": 0, "edge": 1, "in": 2])
        #expect(parameters["model"].string == "m")
        #expect(name.hasSuffix(".\(ending)") && !name.contains("/"))
        let volume = try InMemoryVolume(copyOf: world.fixture.volume(file))
        #expect(try volume.bytes == MONAIWorld.labels(Self.values).bytes)
        #expect(volume.header.place.affine == MONAIWorld.affine)
        let again = try await world.client.send(.post, "/infer/m?image=v", params: params)
        #expect(try world.client.parts(of: again).fileName != name)
    }

    @Test func `a file that names no unit is in millimetres, as its image is to 3D Slicer`() async throws {
        let world = try await MONAIWorld(unit: "micrometer")
        try await world.predict(try MONAIWorld.labels(Self.prediction))
        for (ending, scale) in [(".nrrd", 1e-3), (".mha", 1e-3), (".nii.gz", 1)] {
            let reply = try await world.client.send(
                .post, "/infer/m?image=v&output=image", params: #"{"result_extension": "\#(ending)"}"#)
            let header = try world.fixture.volume(reply.body).header
            #expect(abs(header.spacing.x / (0.5 * scale) - 1) < 1e-6, "\(ending)")
            for (one, other) in zip(header.place.affine, MONAIWorld.affine).prefix(12) {
                #expect(abs(one - other * scale) < 1e-6, "\(ending)")
            }
        }
    }

    @Test func `as segments it has the names and colours of the classes, and the values that are told`() async throws {
        let world = try await predicted()
        let reply = try await world.client.send(
            .post, "/infer/m?image=v", params: #"{"result_extension": ".seg.nrrd"}"#)
        let (parameters, name, file) = try world.client.parts(of: reply)
        #expect(name.hasSuffix(".seg.nrrd") && parameters["label_names"]["in"].number == 2)
        let url = try world.fixture.folder.file("labels.seg.nrrd", file)
        var hints = VolumeHints()
        hints.areLabels = true
        let volume = try openVolume(at: url, hints: hints, scratch: world.fixture.folder.url)
        guard case .segments(let segments) = try LabelVolume(volume).kind else {
            Issue.record("it has no segments")
            return
        }
        #expect(segments.map(\.name) == ["edge", "in"] && segments.map(\.value) == [1, 2])
        #expect(try InMemoryVolume(copyOf: volume).bytes == MONAIWorld.labels(Self.values).bytes)
        let same = try await world.client.get("/datastore/label?label=v&tag=original&format=seg.nrrd")
        #expect(same.body == file && same.headers["Content-Disposition"]?.contains("v.seg.nrrd") == true)
        let project =
            ##"{"classes":[{"name":"edge","color":"#010203"},{"name":"background"},{"name":"in"}]}"##
        #expect(try await world.fixture(.put, "/v1/projects/p", project).status == 200)
        let recoloured = try await world.client.get("/datastore/label?label=v&tag=original&format=seg.nrrd")
        #expect(recoloured.status == 200 && recoloured.body != file)
        #expect(try await world.client.get("/datastore/label?label=v&tag=original&format=raw").status == 422)
    }

    @Test func `the answer can be the parameters or the labels alone`() async throws {
        let world = try await predicted()
        let json = try await world.client.send(.post, "/infer/latest?image=v&output=json")
        #expect(json.json["label_names"]["in"].number == 2)
        let image = try await world.client.send(.post, "/infer/latest?image=v&output=image")
        #expect(image.headers["Content-Type"] == "application/octet-stream")
        #expect(image.headers["Content-Disposition"]?.contains("filename=") == true)
        let values = try InMemoryVolume(copyOf: world.fixture.volume(image.body)).bytes
        #expect(try values == MONAIWorld.labels(Self.values).bytes)
        let bare = try await world.fixture(.post, "/monai/p/infer/latest?image=v&output=json")
        #expect(bare.status == 200)
    }

    @Test func `what can't be done is refused`() async throws {
        let world = try await predicted()
        let wrong = [
            #"{"result_extension": ".dcm"}"#, #"{"result_dtype": "uint16"}"#, #"{"foreground": [[1, 2, 3]]}"#,
            #"{"in": [[1, 2, 3]]}"#, #"{"save_label": true, "label_tag": "final"}"#,
        ]
        for params in wrong {
            let reply = try await world.client.send(.post, "/infer/latest?image=v", params: params)
            #expect(reply.status == 422, "\(params)")
        }
        let harmless = #"{"foreground": [], "device": "cuda", "restore_label_idx": true, "client_id": null}"#
        #expect(try await world.client.send(.post, "/infer/latest?image=v", params: harmless).status == 200)
        #expect(try await world.client.send(.post, "/infer/latest?image=v&output=dicom_seg").status == 422)
        let scribbles = try await world.client.send(
            .post, "/infer/latest?image=v", .init(field: "label", bytes: [1, 2, 3]))
        #expect(scribbles.status == 422)
        #expect(try await world.client.send(.post, "/infer/none?image=v").detail.contains("latest, m"))
        #expect(try await world.client.send(.post, "/infer/latest?image=none").status == 404)
        #expect(try await world.client.send(.post, "/infer/latest").status == 422)
        let empty = try await MONAIWorld()
        let none = try await empty.client.send(.post, "/infer/latest?image=v")
        #expect(none.status == 404)
        #expect(none.detail.contains("no model yet"))
    }

    @Test func `a prediction that isn't there is a job, which takes a trainer`() async throws {
        var world = try await MONAIWorld()
        #expect(try await world.fixture(.put, "/v1/projects/p/models/m", Nets.file(channels: 1)).status == 201)
        let viewer = try await world.fixture.token("looks", .viewer)
        world = MONAIWorld(world, headers: viewer)
        let refused = try await world.client.send(.post, "/infer/m?image=v")
        #expect(refused.status == 403)
        #expect(refused.detail.contains("making one is a job"))
        // Jobs that do nothing make no prediction, which is not taken for one.
        world = MONAIWorld(world, headers: try await world.fixture.token("trains", .trainer))
        let (client, jobs) = (world.client, world.fixture.jobs)
        try await withRunning {
            try await jobs.run()
        } _: {
            let reply = try await client.send(.post, "/infer/m?image=v")
            #expect(reply.status == 409)
            #expect(reply.detail.contains("the prediction of v failed"))
        }
        let project = try await world.fixture.store.project(named: "p")
        let kinds = try await world.fixture.store.jobs(project: project.id).map(\.kind)
        #expect(kinds == ["predict"])
    }

    @Test func `an image that is sent along, or as a session, is predicted by a real network`() async throws {
        let fixture = try APIFixture(work: nil)
        let classes = #"{"classes":[{"name":"edge"},{"name":"background"},{"name":"in"}]}"#
        #expect(try await fixture(.put, "/v1/projects/p", classes).status == 201)
        #expect(try await fixture(.put, "/v1/projects/p/models/m", Nets.file(channels: 1)).status == 201)
        let client = MONAIClient(fixture: fixture)
        let image = try fixture.file(MONAIWorld.image(), as: .niftiGzip)
        let jobs = fixture.jobs
        try await withRunning {
            try await jobs.run()
        } _: {
            let sent = MONAIClient.File(field: "file", name: "post_from_mitk.nii.gz", bytes: image)
            let reply = try await client.send(.post, "/infer/m", params: #"{"restore_label_idx": true}"#, sent)
            #expect(reply.status == 200, "\(reply.text)")
            let file = try client.parts(of: reply).file
            #expect(try fixture.volume(file).header.extent == MONAIWorld.extent)
            #expect(try await fixture(.get, "/v1/projects/p/volumes").json.count == 0)

            let made = try await client.send(
                .put, "/session/?expiry=600", .init(field: "files", name: "x.nii.gz", bytes: image))
            let session = try #require(made.json["session_id"].string)
            #expect(made.json["session_info"]["expiry"].number ?? 0 > 590)
            #expect(try await client.get("/session/\(session)").json["name"].string == session)
            #expect(try await client.get("/session/\(session)?image=true").status == 200)
            #expect(try await client.get("/datastore/").json["total"].number == 0)
            #expect(try await client.post("/activelearning/uncertainty").json == [:])
            let other = try await client.send(.post, "/infer/m?image=any&session_id=\(session)")
            #expect(try client.parts(of: other).file.isEmpty == false)
            #expect(try await client.delete("/session/\(session)").json["name"].string == session)
            #expect(try await client.get("/session/\(session)").status == 404)
        }
    }
}
