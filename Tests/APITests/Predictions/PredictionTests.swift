import Foundation
import HTTP
import JSON
import Store
import TestSupport
import Testing
import Training
import Volumes

@Suite struct PredictionTests {
    private static let place = "/v1/projects/p/volumes/v"

    /// A world with a model `m` and its prediction of `v`: sure to be class 0 where x is 0, no idea elsewhere.
    private func predicted() async throws -> (fixture: APIFixture, labels: InMemoryVolume) {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.put, "/v1/projects/p/models/m", Nets.file()).status == 201)
        let project = try await fixture.store.project(named: "p")
        let volume = try await fixture.store.volume(project: project.id, name: "v")
        let model = try await fixture.store.model(project: project.id, name: "m")
        let labels = try Samples.labels()
        let sure: [[UInt16]] = [[65535, 0, 0], [21845, 21845, 21845]]
        let values = (0..<3).flatMap { channel in
            (0..<volume.header.extent.voxels).map { sure[$0 % 8 == 0 ? 0 : 1][channel] }
        }
        let probabilities = try InMemoryVolume(
            header: volume.header.with(element: .uint16, channels: 3), values: values)
        _ = try await fixture.store.putPrediction(
            volume: volume.id, model: model.id, labels: try grid(labels, fixture.store),
            probability: try grid(probabilities, fixture.store))
        return (fixture, labels)
    }

    private func grid(_ source: any VoxelSource, _ store: Store) throws -> VoxelGridID {
        let writer = try store.makeGrid(header: source.header)
        try writer.write(source)
        return try writer.finish()
    }

    @Test func `without a prediction the answer says how to get one`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        for path in ["prediction", "probability", "uncertainty", "report", "suggestions"] {
            let reply = try await fixture(.get, "\(Self.place)/\(path)")
            #expect(reply.status == 404)
            #expect(reply.detail.contains(#"{"kind":"train"}"#))
        }
        #expect(try await fixture(.put, "/v1/projects/p/models/m", Nets.file()).status == 201)
        let reply = try await fixture(.get, "\(Self.place)/prediction")
        #expect(reply.detail.contains(#"{"kind":"predict","volumes":["v"]}"#))
        #expect(try await fixture(.get, "\(Self.place)/prediction?model=none").status == 404)
    }

    @Test func `labels come on the volume's own grid, in parts and only when changed`() async throws {
        let (fixture, labels) = try await predicted()
        let npy = try await fixture(.get, "\(Self.place)/prediction?format=npy")
        let array = try InMemoryVolume(copyOf: fixture.volume(npy.body))
        #expect(array.bytes == labels.bytes)
        #expect(array.header.element == .uint8)
        let nifti = try await fixture(.get, "\(Self.place)/prediction?model=m")
        #expect(try fixture.volume(nifti.body).header.spacing == Samples.image().header.spacing)
        let tag = try #require(nifti.headers["ETag"])
        #expect(try await fixture(.get, "\(Self.place)/prediction", headers: ["If-None-Match": tag]).status == 304)
        let raw = try await fixture(.get, "\(Self.place)/prediction?format=raw", headers: ["Range": "bytes=0-7"])
        #expect(raw.body == Array(labels.bytes[0..<8]))
    }

    @Test func `probabilities are float32, of one class or of all as channels`() async throws {
        let (fixture, _) = try await predicted()
        let one = try await fixture(.get, "\(Self.place)/probability?class=out&format=npy")
        let volume = try InMemoryVolume(copyOf: fixture.volume(one.body))
        #expect(volume.header.element == .float32)
        let values = try volume.floats(Box(extent: Samples.extent))
        #expect(values[0] == 1)
        #expect(abs(values[1] - 1 / 3) < 1e-5)
        let all = try await fixture(.get, "\(Self.place)/probability?format=npy")
        #expect(try fixture.volume(all.body).header.channels == 3)
        let unknown = try await fixture(.get, "\(Self.place)/probability?class=none")
        #expect(unknown.json["field"].string == "class")
    }

    @Test func `a class goes by the name that it has now, or had for the model`() async throws {
        let (fixture, _) = try await predicted()
        let classes = #"{"classes":[{"name":"outside"},{"name":"in"},{"name":"edge"},{"name":"new"}]}"#
        #expect(try await fixture(.put, "/v1/projects/p", classes).status == 200)
        let now = try await fixture(.get, "\(Self.place)/probability?class=outside&format=raw")
        #expect(now.status == 200)
        #expect(try await fixture(.get, "\(Self.place)/probability?class=out&format=raw").body == now.body)
        let newer = try await fixture(.get, "\(Self.place)/probability?class=new")
        #expect(newer.status == 422 && newer.detail.contains("outside, in, edge"))
    }

    @Test func `what a model has made says so`() async throws {
        let (fixture, _) = try await predicted()
        for path in [
            "prediction", "probability", "uncertainty", "report", "suggestions", "prediction/slices/z/1",
            "slices/z/1?overlay=prediction", "slices/z/1?overlay=uncertainty",
        ] {
            let reply = try await fixture(.get, "\(Self.place)/\(path)")
            #expect(reply.headers["X-Slicewise-Model"] == "m", "\(path)")
            guard let tag = reply.headers["ETag"] else { continue }
            let same = try await fixture(.get, "\(Self.place)/\(path)", headers: ["If-None-Match": tag])
            #expect(same.status == 304 && same.headers["X-Slicewise-Model"] == "m", "\(path)")
        }
        let file = try await fixture(.get, "\(Self.place)/prediction")
        #expect(file.headers["Content-Disposition"]?.contains("v-prediction-m.nii.gz") == true)
        #expect(try await fixture(.get, "\(Self.place)/slices/z/1").headers["X-Slicewise-Model"] == nil)
        #expect(try await fixture(.get, "\(Self.place)/suggestions").json[0]["model"].string == "m")
    }

    @Test func `uncertainty is 0 where the model is sure and 1 where it has no idea`() async throws {
        let (fixture, _) = try await predicted()
        let reply = try await fixture(.get, "\(Self.place)/uncertainty?format=npy")
        let values = try fixture.volume(reply.body).floats(Box(extent: Samples.extent))
        #expect(values[0] == 0)
        #expect(abs(values[1] - 1) < 1e-5)
        let shares = try await fixture.volume(fixture(.get, "\(Self.place)/probability?format=npy").body)
        let all = try (0..<3).flatMap { try shares.floats(Box(extent: Samples.extent), channel: $0) }
        #expect(values == entropy(all, classes: 3))
    }

    @Test func `a slice of the prediction comes as PNG or array, and lies over pictures`() async throws {
        let (fixture, labels) = try await predicted()
        let png = try await fixture(.get, "\(Self.place)/prediction/slices/y/2")
        #expect(try LabelPicture(png: png.body).values == labels.labels(slice: SlicePosition(.y, 2)))
        let npy = try await fixture(.get, "\(Self.place)/prediction/slices/x/7?format=npy")
        #expect(try LabelPicture(npy: npy.body).values == labels.labels(slice: SlicePosition(.x, 7)))
        for overlay in ["prediction", "uncertainty"] {
            let picture = try await fixture(.get, "\(Self.place)/slices/z/1?overlay=\(overlay)")
            #expect(PNG.recognises(picture.body))
        }
    }

    @Test func `a slice is computed on demand where nothing is stored`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let none = try await fixture(.get, "\(Self.place)/prediction/slices/z/1")
        #expect(none.status == 404)
        #expect(try await fixture(.put, "/v1/projects/p/models/m", Nets.file()).status == 201)
        let slice = try await fixture(.get, "\(Self.place)/prediction/slices/z/1?format=npy")
        #expect(slice.status == 200)
        let labels = try LabelPicture(npy: slice.body)
        #expect(labels.rows == 6)
        #expect(labels.columns == 8)
        #expect(try labels.values.allSatisfy { $0 < 3 })
        let tag = try #require(slice.headers["ETag"])
        let again = try await fixture(
            .get, "\(Self.place)/prediction/slices/z/1?format=npy", headers: ["If-None-Match": tag])
        #expect(again.status == 304)
    }

    @Test func `a report tells slices and truth apart and leaves annotated voxels out of the truth`() async throws {
        let (fixture, labels) = try await predicted()
        let before = try await fixture(.get, "\(Self.place)/report")
        #expect(before.json["model"].string == "m")
        #expect(before.json["truth"] == .null)
        #expect(before.json["heldout"] == .null)
        #expect(try await fixture(.put, "\(Self.place)/truth", fixture.file(labels)).status == 201)
        let slice = [UInt8](repeating: 0, count: 48)
        #expect(try await fixture(.post, "\(Self.place)/annotations?axis=z&index=0", slice).status == 201)
        let report = try await fixture(.get, "\(Self.place)/report?model=m")
        #expect(report.json["training"] == .null)
        #expect(report.json["heldout"]["voxels"].number == 48)
        #expect(report.json["heldout"]["classes"][0]["iou"].number == 18.0 / 48)
        #expect(report.json["truth"]["voxels"].number == 144)
        #expect(report.json["truth"]["mean_iou"].number == 1)
    }

    @Test func `a report is a page and a table, too`() async throws {
        let (fixture, _) = try await predicted()
        let slice = [UInt8](repeating: 0, count: 48)
        #expect(try await fixture(.post, "\(Self.place)/annotations?axis=z&index=0", slice).status == 201)
        let page = try await fixture(.get, "\(Self.place)/report?format=md")
        #expect(page.headers["Content-Type"] == "text/markdown; charset=utf-8")
        #expect(page.headers["X-Slicewise-Model"] == "m")
        #expect(page.text.hasPrefix("# m on v\n"))
        #expect(page.text.contains("| out | 0.375 | 0.545 | 18 | 0 | 30 |"))
        let table = try await fixture(.get, "\(Self.place)/report?format=csv")
        #expect(table.headers["Content-Type"] == "text/csv; charset=utf-8")
        let rows = table.text.split(separator: "\n")
        #expect(rows.first == "model,volume,part,class,voxels,tp,fp,fn,iou,dice")
        #expect(rows.contains { $0.hasPrefix("m,v,heldout,out,48,18,0,30,0.375,") })
        #expect(rows.contains { $0.hasPrefix("m,v,heldout,,48,,,,") })
        #expect(try await fixture(.get, "\(Self.place)/report?format=xml").json["field"].string == "format")
    }

    @Test func `models are compared on the test slices`() async throws {
        let (fixture, _) = try await predicted()
        let models = "/v1/projects/p/models"
        #expect(try await fixture(.put, "\(models)/other", Nets.file()).status == 201)
        let none = try await fixture(.get, "\(models)?compare=m")
        #expect(none.json["models"][0]["voxels"].number == 0)
        #expect(none.json["warnings"][0].string?.contains("no test slice") == true)
        let slice = [UInt8](repeating: 0, count: 48)
        let annotations = "\(Self.place)/annotations?axis=z"
        #expect(try await fixture(.post, "\(annotations)&index=0&role=test", slice).status == 201)
        #expect(try await fixture(.post, "\(annotations)&index=1", slice).status == 201)
        let both = try await fixture(.get, "\(models)?compare=other,m")
        #expect(both.status == 200)
        #expect(both.json["models"][0]["model"].string == "other")
        #expect(both.json["models"][0]["missing"][0].string == "v")
        #expect(both.json["models"][0]["mean_iou"] == .null)
        #expect(both.json["models"][1]["voxels"].number == 48)
        #expect(both.json["models"][1]["iou"]["out"].number == 18.0 / 48)
        #expect(both.json["warnings"].count == 2)
        let page = try await fixture(.get, "\(models)?compare=other,m&format=md")
        #expect(page.text.contains("| m | succeeded |  | – | – | 48 |"))
        let table = try await fixture(.get, "\(models)?compare=m&format=csv")
        #expect(table.text.split(separator: "\n").last?.hasPrefix("m,succeeded,,,,48,") == true)
        for wrong in ["", ",", "none"] {
            #expect(try await fixture(.get, "\(models)?compare=\(wrong)").json["field"].string == "compare", "\(wrong)")
        }
        #expect(try await fixture(.get, "\(models)?format=md").json["field"].string == "format")
    }

    @Test func `suggestions keep away from annotated slices`() async throws {
        let (fixture, _) = try await predicted()
        let first = try await fixture(.get, "\(Self.place)/suggestions?count=2")
        #expect(first.json.count == 2)
        let axis = try #require(first.json[0]["axis"].string)
        #expect(axis == "x")
        let index = Int(try #require(first.json[0]["index"].number))
        #expect(index > 0)
        let slice = [UInt8](repeating: 0, count: 24)
        #expect(try await fixture(.post, "\(Self.place)/annotations?axis=x&index=\(index)", slice).status == 201)
        let next = try await fixture(.get, "\(Self.place)/suggestions?count=1")
        #expect(next.json[0]["axis"].string != "x" || Int(next.json[0]["index"].number ?? -1) != index)
        #expect(try await fixture(.get, "\(Self.place)/suggestions?count=0").json["field"].string == "count")
    }
}
