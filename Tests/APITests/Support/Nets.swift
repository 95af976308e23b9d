import Foundation
import Network
import Volumes

/// Tiny networks with random weights.
enum Nets {
    /// A safetensors file of a network for two channels.
    static func file(classes: Int = 3, channels: Int = 2) throws -> [UInt8] {
        let shape = UNetConfiguration(channels: channels, classes: classes, base: 4, levels: 2)
        var random = Random(seed: 5)
        return [UInt8](try Checkpoint(network: UNet(shape, using: &random), step: 0).encoded)
    }
}
