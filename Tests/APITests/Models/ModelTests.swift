import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Training

@Suite struct ModelTests {
    private static let place = "/v1/projects/p/models/outside"

    @Test func `weights trained elsewhere go in and come back`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let weights = try Nets.file()
        let made = try await fixture(.put, Self.place, weights)
        #expect(made.status == 201)
        #expect(made.headers["Location"] == Self.place)
        #expect(made.json["name"].string == "outside")
        #expect(made.json["architecture"]["base"].number == 4)
        #expect(made.json["recipe"]["levels"].number == 2)
        #expect(made.json["parent"] == .null)
        #expect(try await fixture(.put, Self.place, weights).status == 200)
        let back = try await fixture(.get, "\(Self.place)/weights")
        #expect(back.body == weights)
        #expect(back.headers["ETag"] != nil)
        #expect(try await fixture(.get, "/v1/projects/p/models").json.count == 1)
        #expect(try await fixture(.delete, Self.place).status == 204)
        #expect(try await fixture(.get, Self.place).status == 404)
        #expect(try await fixture(.get, "\(Self.place)/weights").status == 404)
    }

    @Test func `weights that don't fit are refused`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let wrong = try await fixture(.put, Self.place, Nets.file(classes: 2))
        #expect(wrong.status == 422)
        #expect(wrong.detail.contains("the network has 2 classes; the project has 3"))
        #expect(try await fixture(.put, Self.place, "no safetensors").status == 422)
        #expect(try await fixture(.put, "/v1/projects/p/models/latest", Nets.file()).status == 422)
        #expect(try await fixture(.put, Self.place, Nets.file()).status == 201)
        #expect(try await fixture(.put, Self.place, Nets.file(channels: 1)).status == 409)
    }

    @Test(arguments: [Float.nan, Float.infinity, -Float.infinity])
    func `weights that are no finite numbers are refused by their tensor's name`(weight: Float) async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let refused = try await fixture(.put, Self.place, Nets.file(first: weight))
        #expect(refused.status == 422)
        #expect(refused.detail.contains("\"encoder.0.conv0.weight\""))
        #expect(try await fixture(.get, Self.place).status == 404)
    }

    @Test func `a model goes to other programs as ONNX and as a package of BioImage.IO`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.put, Self.place, Nets.file()).status == 201)
        let graph = try await fixture(.get, "\(Self.place)/weights?format=onnx")
        #expect(graph.status == 200)
        #expect(graph.headers["Content-Disposition"]?.contains("outside.onnx") == true)
        let text = String(decoding: graph.body, as: UTF8.self)
        #expect(text.contains("Softmax") && text.contains(#"["out","in","edge"]"#))
        let scaled = try await fixture(.get, "\(Self.place)/weights?format=onnx&volume=v")
        #expect(scaled.status == 200 && scaled.headers["ETag"] != graph.headers["ETag"])
        #expect(String(decoding: scaled.body, as: UTF8.self).contains("as those of the volume v"))
        let package = try await fixture(.get, "\(Self.place)/weights?format=bioimageio&authors=A;B&license=CC0-1.0")
        #expect(package.status == 200 && package.body.starts(with: Array("PK".utf8)))
        #expect(package.headers["Content-Type"] == "application/zip")
        let again = try await fixture(
            .get, "\(Self.place)/weights?format=onnx", headers: ["If-None-Match": graph.headers["ETag"] ?? ""])
        #expect(again.status == 304)
    }

    @Test(arguments: [
        ("format=pth", "format", "safetensors, onnx, bioimageio"), ("volume=v", "volume", "not for safetensors"),
        ("format=onnx&license=MIT", "license", "not for onnx"),
        ("format=bioimageio&license=my own", "license", "CC-BY-4.0"),
    ])
    func `a download that makes no sense is refused by its parameter`(
        query: String, field: String, words: String
    ) async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.put, Self.place, Nets.file()).status == 201)
        let query = query.replacing(" ", with: "%20")
        let refused = try await fixture(.get, "\(Self.place)/weights?\(query)")
        #expect(refused.status == 422)
        #expect(refused.json["field"].string == field)
        #expect(refused.detail.contains(words), "\(refused.detail)")
        #expect(try await fixture(.get, "\(Self.place)/weights?format=onnx&volume=none").status == 404)
    }

    @Test func `features that an ONNX graph can't compute are named`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let weights = try Nets.file(channels: 4, recipe: #"{"inputs":{"smoothed":[1],"gradient":[]}}"#)
        #expect(try await fixture(.put, Self.place, weights).status == 201)
        let refused = try await fixture(.get, "\(Self.place)/weights?format=onnx")
        #expect(refused.status == 422 && refused.detail.contains("\"inputs\""))
    }

    @Test func `a network of pytorch-3dunet is brought by what its tensors don't tell`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let weights = try Nets.foreign()
        let plain = try await fixture(.put, Self.place, weights)
        #expect(plain.status == 422 && plain.detail.contains("layout=pytorch-3dunet"))
        let network = "%7B%22name%22:%22UNet3D%22,%22layer_order%22:%22cr%22,%22final_sigmoid%22:false%7D"
        let all = [
            ("layout", "pytorch-3dunet"), ("network", network), ("classes", "edge,out,in"), ("intensities", "all"),
        ]
        func query(without left: String? = nil) -> String {
            all.filter { $0.0 != left }.map { "\($0)=\($1)" }.joined(separator: "&")
        }
        for left in ["network", "classes", "intensities"] {
            let refused = try await fixture(.put, "\(Self.place)?\(query(without: left))", weights)
            #expect(refused.status == 422 && refused.json["field"].string == left)
        }
        #expect(try await fixture(.put, "\(Self.place)?classes=a", Nets.file()).status == 422)
        #expect(try await fixture(.put, "\(Self.place)?layout=keras", weights).status == 422)
        let made = try await fixture(.put, "\(Self.place)?\(query())", weights)
        #expect(made.status == 201, "\(made.detail)")
        #expect(made.json["architecture"]["levels"].number == 2)
        #expect(made.json["recipe"]["intensities"].string == "all")
        #expect(try await fixture(.put, "\(Self.place)?\(query())", weights).status == 200)
    }
}
