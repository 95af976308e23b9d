internal import Cryptography
package import Foundation
internal import JSON
package import Network
internal import Text
internal import Volumes

/// A package of BioImage.IO (bioimage.io, format 0.5): a zip archive with an ONNX graph, what it takes and gives, and tensors
/// to test it with.
package struct ModelPackage {
    package let encoded: Data

    /// `engine` computes the test tensor's probabilities.
    package init(_ model: PortableModel, credits: PackageCredits, engine: any ComputeEngine) throws {
        // Programs scale the whole image, and cut it then; a graph that is given tiles can't.
        let graph = try model.volume == nil ? ONNXModel(model, intensities: .scaled) : ONNXModel(model)
        let tiles = TileShape(model.graph)
        let tensors = try TestTensors(model, extent: tiles.smallest, engine: engine)
        let archive = try ZipDraft()
        func add(_ name: String, _ content: Data) throws -> ResourceDescription.File {
            try archive.add(name, content)
            return ResourceDescription.File(name: name, hash: SHA256.hash(content).hexadecimal)
        }
        let description = try ResourceDescription(
            model: model, credits: credits, tiles: tiles, weights: add("weights.onnx", graph.encoded),
            input: add("test-input.npy", tensors.input), output: add("test-output.npy", tensors.output),
            documentation: add("README.md", Data(PackageGuide(model: model).text.utf8)))
        try archive.add("rdf.yaml", Data((description.json.indentedText + "\n").utf8))
        encoded = try archive.finish()
    }
}
