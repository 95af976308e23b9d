import Foundation
import Network
import Volumes

/// Tiny networks with random weights.
enum Nets {
    /// A safetensors file of a network for two channels; `first` takes the place of its first weight.
    static func file(classes: Int = 3, channels: Int = 2, first: Float? = nil) throws -> [UInt8] {
        let shape = UNetConfiguration(channels: channels, classes: classes, base: 4, levels: 2)
        var random = Random(seed: 5)
        let network = try UNet(shape, using: &random)
        if let first { network.parameters.values[0] = first }
        return [UInt8](try Checkpoint(network: network, step: 0).encoded)
    }
}
