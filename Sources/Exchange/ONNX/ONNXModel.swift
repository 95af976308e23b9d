package import Foundation
internal import JSON
internal import Network
internal import Training

/// A model as an ONNX file (IR 8, operators 17): images N×C×Z×Y×X in 32-bit floats in, N×K×Z×Y×X probabilities out.
///
/// N, Z, Y and X are any numbers from 1 on. Beyond edges the image is mirrored within the graph.
package struct ONNXModel {
    /// The version of the operators.
    static let operators = 17
    static let input = "image"
    static let output = "probabilities"

    package let encoded: Data

    /// The whole model, which takes gray values as they are.
    package init(_ model: PortableModel) throws {
        let fixed = model.volume.map { ONNXIntensities.fixed($0.statistics, model.recipe.intensities) }
        try self.init(model, intensities: fixed ?? .measured)
    }

    init(_ model: PortableModel, intensities: ONNXIntensities) throws {
        let network = try model.checkpoint.makeNetwork()
        var graph = ONNXGraph()
        let seen = graph.normalise(Self.input, by: intensities)
        let (image, size) = graph.extend(seen, for: network.graph)
        let probabilities = try graph.add(network, statistics: model.statistics, reading: image)
        _ = graph.cut(probabilities, to: size, named: Self.output)
        encoded = try Self.file(graph, of: model, intensities).bytes
    }

    /// Fields are numbered as in onnx.proto (github.com/onnx/onnx).
    private static func file(
        _ graph: ONNXGraph, of model: PortableModel, _ intensities: ONNXIntensities
    ) throws -> ProtobufMessage {
        let network = model.checkpoint.configuration
        var content = ProtobufMessage()
        for node in graph.nodes { content.add(1, node) }
        content.add(2, model.name)
        for constant in graph.constants { content.add(5, constant) }
        content.add(11, value(input, channels: network.channels))
        content.add(12, value(output, channels: network.classes))
        var operators = ProtobufMessage()
        operators.add(1, "")
        operators.add(2, Self.operators)
        var file = ProtobufMessage()
        file.add(1, 8)
        file.add(2, "Slicewise")
        file.add(7, content)
        file.add(8, operators)
        for (key, text) in try ONNXDescription(model, intensities).properties {
            var property = ProtobufMessage()
            property.add(1, key)
            property.add(2, text)
            file.add(14, property)
        }
        return file
    }

    /// A named tensor of 32-bit floats, of whose axes that of the channels alone has a fixed size.
    private static func value(_ name: String, channels: Int) -> ProtobufMessage {
        var shape = ProtobufMessage()
        for axis in ["batch", "", "z", "y", "x"] {
            var size = ProtobufMessage()
            if axis.isEmpty { size.add(1, channels) } else { size.add(2, axis) }
            shape.add(1, size)
        }
        var tensor = ProtobufMessage(), type = ProtobufMessage(), value = ProtobufMessage()
        tensor.add(1, 1)
        tensor.add(2, shape)
        type.add(1, tensor)
        value.add(1, name)
        value.add(2, type)
        return value
    }
}
