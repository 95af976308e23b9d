internal import Foundation
package import Network
internal import Volumes

/// The network that a training begins with, and the recipe with every `auto` resolved.
struct TrainerSetup {
    let network: UNet
    let recipe: Recipe
    let patch: Extent
    /// Those for the slices of an axis, where they differ.
    let slabs: [Axis: Extent]
    /// Voxels about the slices of an axis that are learned from, where they are not all of the patch.
    let bands: [Axis: Int]

    /// `start` gives weights and architecture; without it they are new and random.
    init(volumes: [TrainingVolume], classes: Int, recipe wanted: Recipe, start: Checkpoint?) throws {
        let headers = volumes.map(\.image.header)
        var recipe = wanted
        if let start { recipe.adopt(start) }
        recipe = try recipe.resolved(for: headers, classes: classes)
        let channels = headers.first?.channels ?? 1
        let configuration = try recipe.configuration(channels: channels, classes: classes)
        if let start {
            network = try TrainerSetup.take(start, for: configuration, seed: recipe.seed)
        } else {
            var random = Random(seed: recipe.seed)
            network = try UNet(configuration, using: &random)
        }
        self.recipe = recipe
        patch = recipe.patch.value ?? network.graph.input(covering: Extent(z: 32, y: 32, x: 32))
        slabs = recipe.slabs(for: headers, patch: patch, network: network.graph)
        bands = recipe.bands(of: slabs, patch: patch, network: network.graph)
    }

    /// The weights of a model; output weights that it lacks, for classes that were appended since or for coarser levels,
    /// begin new and random.
    private static func take(_ start: Checkpoint, for wanted: UNetConfiguration, seed: UInt64) throws -> UNet {
        let found = start.configuration
        guard found.channels == wanted.channels else {
            throw TrainingError.mismatch(
                "The model to start from takes \(found.channels) channels; the volumes, with the features that the "
                    + "recipe adds to them, have \(wanted.channels).")
        }
        guard found.classes <= wanted.classes else {
            throw TrainingError.mismatch(
                "The model to start from knows \(found.classes) classes; there are only \(wanted.classes).")
        }
        let known = try start.makeNetwork()
        guard found.classes < wanted.classes || found.deepOutputs != wanted.deepOutputs else { return known }
        var random = Random(seed: seed)
        let grown = try UNet(wanted, using: &random)
        for entry in known.parameters.entries {
            guard let old = known.parameters[entry.name], let new = grown.parameters[entry.name] else { continue }
            // Only output layers differ; their rows are classes, so the old ones come first.
            for place in old.indices { new[place] = old[place] }
        }
        return grown
    }
}

extension Recipe {
    /// For a network of which only the weights are known: the default in the network's own shape, without the mean over
    /// reflections, for it may never have seen any.
    package init(forWeights model: Checkpoint) {
        self = Preset.default.recipe
        adopt(model)
        testTimeMirror = .fixed([])
    }

    /// Takes the architecture of a model that is there already, and what it sees of an image.
    package mutating func adopt(_ model: Checkpoint) {
        let own = model.metadata["recipe"].flatMap { try? Recipe(json: Data($0.utf8)) }
        adopt(model.configuration, inputs: own?.inputs ?? .none)
    }

    /// The keys of this recipe that a model to start from overrules; what is `auto` is left to it.
    package func overruled(by model: Checkpoint) -> [String] {
        var adopted = self
        adopted.adopt(model)
        let changes = [
            "base": base != .auto && base != adopted.base, "levels": levels != .auto && levels != adopted.levels,
            "dimensions": dimensions != adopted.dimensions, "pooling": pooling != .auto && pooling != adopted.pooling,
            "kernels": kernels != .auto && kernels != adopted.kernels, "padding": padding != adopted.padding,
            "norm": norm != adopted.norm, "inputs": inputs != adopted.inputs,
        ]
        return changes.filter(\.value).keys.sorted()
    }

    /// Takes an architecture, and what such a network sees of an image.
    package mutating func adopt(_ configuration: UNetConfiguration, inputs: InputFilters) {
        self.inputs = inputs
        base = .fixed(configuration.base)
        levels = .fixed(configuration.levels)
        dimensions = configuration.dimensions
        pooling = configuration.windows.map { .fixed($0) } ?? .uniform
        kernels = configuration.kernels.map { .fixed($0) } ?? .uniform
        padding = configuration.padding
        norm = configuration.normalization
    }
}
