import Exchange
import Foundation
import JSON
import Network
import TestSupport
import Training
import Volumes

/// Models with random weights to export.
enum Models {
    static func network(_ configuration: UNetConfiguration) throws -> UNet {
        var generator = SeededGenerator(seed: 3)
        let network = try UNet(configuration, using: &generator)
        for tensor in network.graph.running + network.graph.learned where tensor.shape.count == 1 {
            let values = generator.floats(tensor.count, in: 0.5...1.5)
            _ = network.parameters[tensor.name]?.update(fromContentsOf: values)
        }
        return network
    }

    static func portable(
        _ configuration: UNetConfiguration = UNetConfiguration(classes: 2, base: 2, levels: 2), recipe: String = "{}",
        classes: [String] = ["out", "in"], volume: MeasuredVolume? = nil
    ) throws -> PortableModel {
        try PortableModel(
            name: "round1", created: Date(timeIntervalSince1970: 0),
            checkpoint: try Checkpoint(network: try network(configuration), step: 1),
            recipe: try Recipe(json: Data(recipe.utf8)), classes: classes, volume: volume)
    }

    /// A volume with padding of 0, and spacing in micrometers.
    static let padded = MeasuredVolume(
        name: "sample", spacing: Spacing(z: 2, y: 0.5, x: 0.5, unit: "micrometer"),
        statistics: [
            ChannelStatistics(
                mean: 80, deviation: 40, minimum: 0, maximum: 130, low: 90, high: 110, nonFinite: 0,
                typical: TypicalIntensities(origin: 100, offset: 1, deviation: 5, least: 70, most: 130, setAside: 9))
        ])
}

extension UNet {
    /// The values of a tensor; none if there is no such tensor.
    func array(_ name: String) -> [Float] { parameters[name].map { Array($0) } ?? [] }
}
