internal import Foundation
package import Network
internal import Text
internal import Volumes

/// The initial network of a training, and the recipe with every `auto` resolved.
struct TrainerSetup {
    let network: UNet
    let recipe: Recipe
    let patch: Extent
    /// The patch extents for slices of an axis, if they differ.
    let slabs: [Axis: Extent]
    /// The thickness in voxels about a slice of an axis that is learned from, if not the whole patch.
    let bands: [Axis: Int]

    /// `start` gives weights and architecture; if nil, the recipe gives the architecture, and the weights are random.
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
        network.output(
            only: Self.classes(in: volumes, on: recipe.sampling.learnedAxes(in: configuration.dimensions)), start: start
        )
        self.recipe = recipe
        patch = recipe.patch.value ?? network.graph.input(covering: Extent(z: 32, y: 32, x: 32))
        slabs = recipe.slabs(for: try recipe.grids(of: headers), patch: patch, network: network.graph)
        bands = recipe.bands(of: slabs, patch: patch, network: network.graph)
    }

    /// The classes that the labels to learn from show.
    private static func classes(in volumes: [TrainingVolume], on axes: [Axis]) -> Set<UInt8> {
        volumes.flatMap(\.slices).filter { axes.contains($0.axis) }
            .reduce(into: []) { $0.formUnion($1.values) }
    }

    /// The weights of a model; output weights that it lacks, for classes appended since or for coarser levels, are
    /// random.
    private static func take(_ start: Checkpoint, for wanted: UNetConfiguration, seed: UInt64) throws -> UNet {
        let found = start.configuration
        guard found.channels == wanted.channels else {
            throw TrainingError.mismatch(
                "The model to start from takes \(found.channels.counting("channel")); the volumes, with the features that the "
                    + "recipe adds to them, have \(wanted.channels).")
        }
        guard found.classes <= wanted.classes else {
            throw TrainingError.mismatch(
                "The model to start from has \(found.classes.counting("class", many: "classes")); this training has only \(wanted.classes)."
            )
        }
        let known = try start.makeNetwork()
        guard found.classes < wanted.classes || found.deepOutputs != wanted.deepOutputs else { return known }
        var random = Random(seed: seed)
        let grown = try UNet(wanted, using: &random)
        for entry in known.parameters.entries {
            guard let old = known.parameters[entry.name], let new = grown.parameters[entry.name] else { continue }
            // Only output layers differ; their rows are classes, so the model's classes come first.
            for place in old.indices { new[place] = old[place] }
        }
        return grown
    }
}

extension Recipe {
    /// For a model without a recipe: the default recipe with the model's architecture, without averaging over
    /// reflections, as the model may not have been trained on mirrored patches, and with intensities scaled in the
    /// simplest way.
    package init(forWeights model: Checkpoint) {
        self = Preset.default.recipe
        adopt(model)
        testTimeMirror = .fixed([])
        intensities = .all
    }

    /// Sets the architecture, the inputs and the spacing to those of an existing model.
    package mutating func adopt(_ model: Checkpoint) {
        let own = model.metadata["recipe"].flatMap { try? Recipe(stored: Data($0.utf8)) }
        adopt(model.configuration, inputs: own?.inputs ?? .none, spacing: own?.spacing)
    }

    /// The keys of this recipe that differ from the model to start from, which overrides them; `auto` never differs.
    package func overruled(by model: Checkpoint) -> [String] {
        var adopted = self
        adopted.adopt(model)
        let changes = [
            "base": base != .auto && base != adopted.base, "levels": levels != .auto && levels != adopted.levels,
            "dimensions": dimensions != adopted.dimensions, "pooling": pooling != .auto && pooling != adopted.pooling,
            "kernels": kernels != .auto && kernels != adopted.kernels, "padding": padding != adopted.padding,
            "norm": norm != adopted.norm, "inputs": inputs != adopted.inputs,
            "spacing": spacing.value != nil && spacing != adopted.spacing,
        ]
        return changes.filter(\.value).keys.sorted()
    }

    /// Sets the architecture, the inputs, and the spacing that a model sees, if it has one.
    package mutating func adopt(_ configuration: UNetConfiguration, inputs: InputFilters, spacing model: GridSpacing?) {
        self.inputs = inputs
        if let model, model.value != nil { spacing = model }
        base = .fixed(configuration.base)
        levels = .fixed(configuration.levels)
        dimensions = configuration.dimensions
        pooling = configuration.windows.map { .fixed($0) } ?? .uniform
        kernels = configuration.kernels.map { .fixed($0) } ?? .uniform
        padding = configuration.padding
        norm = configuration.normalization
    }
}
