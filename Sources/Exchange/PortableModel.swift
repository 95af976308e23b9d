package import Foundation
package import Network
internal import Text
package import Training
package import Volumes

/// A model with all that other programs have to be told about it.
package struct PortableModel: Sendable {
    package let name: String
    package let created: Date
    package let checkpoint: Checkpoint
    package let recipe: Recipe
    package let classes: [String]
    /// The volume by whose intensities all images are scaled; nil if each image is scaled by its own.
    package let volume: MeasuredVolume?

    /// Refuses a model with anything that an ONNX graph can't do, and names it.
    package init(
        name: String, created: Date, checkpoint: Checkpoint, recipe: Recipe, classes: [String],
        volume: MeasuredVolume? = nil
    ) throws(ExchangeError) {
        let network = checkpoint.configuration
        guard recipe.inputs.count == 1 else {
            throw .inexpressible(
                "the model sees filtered versions of the image (the recipe's \"inputs\"), which lie outside of its network "
                    + "and depend on each volume's spacing; train one with \"inputs\":null")
        }
        guard classes.count == network.classes else {
            throw .invalid(
                field: "classes",
                detail: "are \(classes.count); the network has \(network.classes)")
        }
        if let volume, volume.statistics.count != network.channels {
            throw .invalid(
                field: "volume",
                detail: "has \(volume.statistics.count.counting("channel")); the model takes \(network.channels)")
        }
        guard checkpoint.encoded.count < Self.largest else {
            throw .inexpressible(
                "the model's file has \(checkpoint.encoded.count) bytes; an ONNX file holds at most \(Self.largest)")
        }
        self.name = name
        self.created = created
        self.checkpoint = checkpoint
        self.recipe = recipe
        self.classes = classes
        self.volume = volume
    }

    /// Less than Protocol Buffers allow, which is 2 GiB.
    private static let largest = 2_000_000_000

    package var graph: NetworkGraph { checkpoint.configuration.graph }
    /// What batch norm uses in predictions.
    package var statistics: BatchNormStatistics { recipe.statistics.value ?? .running }

    /// The spacing at which the network sees images, if it is known.
    package var spacing: Spacing? { recipe.spacing.value ?? volume?.spacing }

    /// Whether results depend on how an image is cut into tiles, beyond the tiles' borders.
    package var dependsOnTiles: Bool {
        let norm = checkpoint.configuration.normalization
        return norm == .instance || norm == .batch && statistics == .current
    }
}
