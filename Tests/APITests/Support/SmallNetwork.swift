import Foundation
import Network
import Volumes

/// Tiny networks with random weights.
enum Nets {
    /// A safetensors file of a network for two channels; `first` takes the place of its first weight.
    static func file(
        classes: Int = 3, channels: Int = 2, first: Float? = nil, recipe: String? = nil
    ) throws -> [UInt8] {
        let shape = UNetConfiguration(channels: channels, classes: classes, base: 4, levels: 2)
        var random = Random(seed: 5)
        let network = try UNet(shape, using: &random)
        if let first { network.parameters.values[0] = first }
        let metadata = recipe.map { ["recipe": $0] } ?? [:]
        return [UInt8](try Checkpoint(network: network, step: 0, metadata: metadata).encoded)
    }

    /// A state dict of pytorch-3dunet: two levels, two channels, three classes, no norm, zeros.
    static func foreign() throws -> [UInt8] {
        var file = SafeTensors()
        func add(_ name: String, _ shape: [Int]) {
            [Float](repeating: 0, count: shape.reduce(1, *)).withUnsafeBufferPointer {
                file.set(name, shape: shape, $0)
            }
        }
        for (path, inputs, outputs) in [
            ("encoders.0.basic_module.SingleConv1", 2, 4), ("encoders.0.basic_module.SingleConv2", 4, 8),
            ("encoders.1.basic_module.SingleConv1", 8, 8), ("encoders.1.basic_module.SingleConv2", 8, 16),
            ("decoders.0.basic_module.SingleConv1", 24, 8), ("decoders.0.basic_module.SingleConv2", 8, 8),
        ] {
            add("\(path).conv.weight", [outputs, inputs, 3, 3, 3])
            add("\(path).conv.bias", [outputs])
        }
        add("final_conv.weight", [3, 8, 1, 1, 1])
        add("final_conv.bias", [3])
        return [UInt8](try file.encoded())
    }
}
