package import Network
package import Tensors
package import Volumes

/// Segments volumes tile by tile with a trained network; memory is bounded by the tile.
///
/// Not for several threads.
package final class Predictor {
    private let network: UNet
    private let inputs: InputFilters
    private let statistics: Statistics
    private let engine: Engine
    private let memory: Int
    private let plan: TilePlan?
    /// The pass for tiles of one size, kept for the next volume of that size.
    private var pass: (input: Extent, pass: InferencePass)?

    /// `memory` bounds a tile's activations in bytes; `plan` sets the tile itself.
    package convenience init(
        model: Checkpoint, recipe: Recipe, engine: Engine, memory: Int = TilePlan.memory, plan: TilePlan? = nil
    ) throws {
        try self.init(
            network: model.makeNetwork(), inputs: recipe.inputs, statistics: recipe.statistics.value ?? .running,
            engine: engine, memory: memory, plan: plan)
    }

    init(
        network: UNet, inputs: InputFilters = .none, statistics: Statistics, engine: Engine,
        memory: Int = TilePlan.memory,
        plan: TilePlan? = nil
    ) throws {
        self.network = network
        self.inputs = inputs
        self.statistics = statistics
        self.engine = engine
        self.memory = memory
        self.plan = plan
    }

    /// Segments a volume, or only a box of it from the tiles that it needs, with the same result there.
    ///
    /// `sink` is given disjoint boxes that cover what was asked for exactly: labels (the most probable class of each
    /// voxel) and K×box probabilities; `where` says of each whether it is needed at all. `progress` is told the part
    /// that is done. Returns false if it wanted no more.
    package func predict(
        _ image: any VoxelSource, statistics: [ChannelStatistics], only box: Box? = nil,
        where isNeeded: (Box) -> Bool = { _ in true },
        progress: (Double) -> Verdict = { _ in .goOn },
        sink: (_ box: Box, _ labels: [UInt8], _ probabilities: [Float]) throws -> Void
    ) throws -> Bool {
        let reader = try IntensityReader(image, statistics: statistics, inputs: inputs)
        let configuration = network.configuration
        guard reader.channels == configuration.channels else {
            throw TrainingError.mismatch(
                "The model takes \(configuration.channels / inputs.count) channels; the volume has "
                    + "\(image.header.channels).")
        }
        let whole = Box(extent: reader.extent)
        let wanted = (box ?? whole).intersection(whole)
        guard !wanted.isEmpty else { return true }
        let plan = plan ?? TilePlan(volume: reader.extent, configuration: configuration, memory: memory)
        let tiles = tiling(plan, of: reader.extent).tiles(touching: wanted).filter { isNeeded($0.core) }
        for (number, tile) in tiles.enumerated() {
            let core = tile.core.intersection(wanted)
            let run = try run(tile, core: core, of: reader) { part in
                progress((Double(number) + part) / Double(tiles.count)) == .goOn
            }
            guard let probabilities = run else { return false }
            try sink(core, Predictor.labels(probabilities, classes: configuration.classes), probabilities)
        }
        _ = progress(1)
        return true
    }

    /// Plans again for parameters that have changed.
    func refresh() throws { try pass?.pass.refresh() }

    /// The tiles of a volume.
    func tiling(_ plan: TilePlan, of extent: Extent) -> Tiling {
        let multiple = network.configuration.multiple
        return Tiling(
            volume: extent, output: plan.output, halo: plan.halo, margin: network.configuration.margin,
            step: Extent(z: multiple.z, y: multiple.y, x: multiple.x))
    }

    /// K×core probabilities of a tile; nil if `goOn`, told the part that is done, said no.
    func run(
        _ tile: Tiling.Tile, core: Box, of reader: IntensityReader, while goOn: (Double) -> Bool = { _ in true }
    ) throws -> [Float]? {
        let pass = try pass(for: tile.input.extent)
        try reader.read(tile.input, into: pass.input)
        guard try pass.run(while: goOn) else { return nil }
        let all = pass.probabilities
        let (output, extent) = (tile.output, core.extent)
        let classes = network.configuration.classes
        return [Float](unsafeUninitializedCapacity: classes * extent.voxels) { values, count in
            var place = 0
            for value in 0..<classes {
                for z in core.range(.z) {
                    for y in core.range(.y) {
                        let plane = value * output.extent.z + z - output.origin.z
                        let row = plane * output.extent.y + y - output.origin.y
                        let start = row * output.extent.x + core.origin.x - output.origin.x
                        for x in 0..<extent.x { values[place + x] = all[start + x] }
                        place += extent.x
                    }
                }
            }
            count = place
        }
    }

    /// The most probable class of each voxel, the first of equals.
    static func labels(_ probabilities: [Float], classes: Int) -> [UInt8] {
        let voxels = probabilities.count / max(classes, 1)
        var labels = [UInt8](repeating: 0, count: voxels)
        var best = Array(probabilities.prefix(voxels))
        for value in 1..<max(classes, 1) {
            for voxel in 0..<voxels where probabilities[value * voxels + voxel] > best[voxel] {
                best[voxel] = probabilities[value * voxels + voxel]
                labels[voxel] = UInt8(value)
            }
        }
        return labels
    }

    private func pass(for input: Extent) throws -> InferencePass {
        if let pass, pass.input == input { return pass.pass }
        pass = nil
        let made = try InferencePass(
            network, input: input.shape(channels: network.configuration.channels), statistics: statistics,
            engine: engine)
        pass = (input, made)
        return made
    }
}
