import Cryptography
import Exchange
import Foundation
import JSON
import Network
import Tensors
import Testing
import Text

@Suite struct ModelPackageTests {
    private func package(
        _ configuration: UNetConfiguration = UNetConfiguration(classes: 2, base: 2, levels: 2), recipe: String = "{}",
        classes: [String] = ["out", "in"], volume: MeasuredVolume? = nil, license: String? = nil
    ) throws -> ZipFile {
        let model = try Models.portable(configuration, recipe: recipe, classes: classes, volume: volume)
        let credits = try PackageCredits(authors: "Ada Lovelace; Çiçek", license: license)
        return ZipFile(try ModelPackage(model, credits: credits, engine: Engine(threads: 1)).encoded)
    }

    private func description(_ package: ZipFile) throws -> JSONValue {
        try JSONValue(json: try #require(package.files["rdf.yaml"]))
    }

    @Test func `a package has a description, a graph, tensors to test it with, and a guide`() throws {
        let package = try package()
        #expect(package.names == ["weights.onnx", "test-input.npy", "test-output.npy", "README.md", "rdf.yaml"])
        let description = try description(package)
        #expect(description["format_version"] == "0.5.4")
        #expect(description["name"] == "Slicewise round1")
        #expect(description["license"] == .null)
        #expect(description["authors"] == [["name": "Ada Lovelace"], ["name": "Çiçek"]])
        for file in [
            description["weights"]["onnx"], description["inputs"].first["test_tensor"],
            description["outputs"].first["test_tensor"],
        ] {
            guard case .string(let name) = file["source"] else {
                Issue.record("\(file)")
                continue
            }
            let content = try #require(package.files[name])
            #expect(file["sha256"] == .string(SHA256.hash(content).hexadecimal))
        }
        let guide = String(decoding: try #require(package.files["README.md"]), as: UTF8.self)
        #expect(guide.contains("- `in_`: in"))
        #expect(try self.description(try self.package(license: "CC0-1.0"))["license"] == "CC0-1.0")
    }

    @Test func `tiles grow by what is pooled, and are larger than what is thrown away`() throws {
        let description = try description(try package())
        let input = description["inputs"].first["axes"], output = description["outputs"].first["axes"]
        #expect(input[2]["size"] == ["min": 36, "step": 2])
        #expect(output[2]["halo"] == 10)
        #expect(output[2]["size"] == ["tensor_id": "image", "axis_id": "z"])
        #expect(output[1]["channel_names"] == ["out", "in_"])
        let flat = try self.description(try package(UNetConfiguration(classes: 2, base: 2, levels: 2, dimensions: 2)))
        #expect(flat["inputs"].first["axes"][2]["size"] == ["min": 1, "step": 1])
        #expect(flat["outputs"].first["axes"][2]["halo"] == .null)
    }

    @Test func `the test tensors are an image and what is predicted of it`() throws {
        let package = try package()
        let input = try #require(package.files["test-input.npy"]),
            output = try #require(package.files["test-output.npy"])
        let voxels = 36 * 36 * 36
        #expect(input.count == 128 + 4 * voxels && output.count == 128 + 8 * voxels)
        let values = output.dropFirst(128).withUnsafeBytes { raw in
            (0..<2 * voxels).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        #expect((0..<voxels).allSatisfy { abs(values[$0] + values[voxels + $0] - 1) < 1e-5 })
        #expect(Set(values.prefix(100)).count > 10)
    }

    @Test func `the whole image is scaled before it is cut, unless all are scaled as one volume`() throws {
        let own = try package(), fixed = try package(volume: Models.padded)
        let graph = ONNXFile(try #require(own.files["weights.onnx"]))
        #expect(graph.count("ReduceSum") == 0)
        let steps = try description(own)["inputs"].first["preprocessing"]
        #expect(steps.first["id"] == "zero_mean_unit_variance" && steps.first["kwargs"]["axes"] == ["z", "y", "x"])
        // Python's YAML takes 1e-12 for text.
        let text = String(decoding: try #require(own.files["rdf.yaml"]), as: UTF8.self)
        #expect(text.contains("1.0e-12"))
        let description = try description(fixed)
        #expect(description["inputs"].first["preprocessing"] == [])
        #expect(description["inputs"].first["axes"][2]["unit"] == "micrometer")
        #expect(description["outputs"].first["axes"][2]["scale"] == 2)
    }

    @Test func `names of classes become such as Python's variables have, all different`() throws {
        let classes = ["cell wall", "cell-wall", "2nd", "größe", "class", "++"]
        let shape = UNetConfiguration(classes: 6, base: 2, levels: 1)
        let description = try description(try package(shape, classes: classes))
        #expect(
            description["outputs"].first["axes"][1]["channel_names"]
                == ["cell_wall", "cell_wall_2", "class_2nd", "gr__e", "class_", "class___"])
        #expect(description["config"]["slicewise"]["classes"] == .array(classes.map(JSONValue.string)))
    }

    @Test func `authors and licenses are checked`() {
        #expect(throws: ExchangeError.self) { try PackageCredits(authors: "a/b", license: nil) }
        let error = #expect(throws: ExchangeError.self) { try PackageCredits(authors: nil, license: "my own") }
        #expect(error?.description.contains("CC-BY-4.0") == true)
    }
}

extension JSONValue {
    fileprivate var first: JSONValue { self[0] }

    fileprivate subscript(index: Int) -> JSONValue {
        guard case .array(let values) = self, values.indices.contains(index) else { return .null }
        return values[index]
    }
}
