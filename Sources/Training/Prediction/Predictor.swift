package import Network
internal import Tensors
internal import Text
package import Volumes

/// Segments volumes tile by tile with a trained network; memory is bounded by the tile.
///
/// Not thread-safe.
package final class Predictor {
    private let network: NetworkGraph
    private let recipe: Recipe
    private let makePass: (Shape) throws -> any Inference
    private let memory: Int
    private let plan: TilePlan?
    /// The pass for tiles of one size, kept for the next volume of that size.
    private var pass: (input: Extent, pass: any Inference)?

    /// `memory` bounds a tile's activations in bytes; `plan` sets the tile itself.
    package convenience init(
        model: Checkpoint, recipe: Recipe, engine: any ComputeEngine, memory: Int = TilePlan.memory,
        plan: TilePlan? = nil
    ) throws {
        let network = try model.makeNetwork(), statistics = recipe.statistics.value ?? .running
        self.init(network.graph, recipe: recipe, memory: memory, plan: plan) { input in
            try engine.makeInference(of: network, input: input, statistics: statistics)
        }
    }

    /// `makePass` plans a pass for tiles of a given size.
    init(
        _ network: NetworkGraph, recipe: Recipe, memory: Int = TilePlan.memory, plan: TilePlan? = nil,
        makePass: @escaping (Shape) throws -> any Inference
    ) {
        self.network = network
        self.recipe = recipe
        self.memory = memory
        self.plan = plan
        self.makePass = makePass
    }

    /// Segments a volume, or only the tiles that touch a box of it, with the same result there.
    ///
    /// `sink` is called with disjoint boxes that exactly cover what was asked for: labels (the most probable class of
    /// each voxel) and K×box probabilities; `where` tells for each box whether it is needed. `progress` is called with
    /// the fraction done. Returns false if `progress` returned `.stop`.
    package func predict(
        _ image: any VoxelSource, statistics: [ChannelStatistics], only box: Box? = nil,
        where isNeeded: (Box) -> Bool = { _ in true },
        progress: (Double) -> Verdict = { _ in .proceed },
        sink: (_ box: Box, _ labels: [UInt8], _ probabilities: [Float]) throws -> Void
    ) throws -> Bool {
        let layout = try layout(of: image, statistics)
        let (reader, resampling) = (layout.reader, layout.resampling)
        let whole = Box(extent: image.header.extent)
        let wanted = (box ?? whole).intersection(whole)
        guard !wanted.isEmpty else { return true }
        let tiles = layout.tiles.filter { !$0.core.intersection(wanted).isEmpty && isNeeded($0.core) }
        let mirroring = Mirroring(recipe, base: network.configuration.base, of: reader.extent)
        for (number, (tile, whole)) in tiles.enumerated() {
            let core = whole.intersection(wanted)
            let back = resampling?.weights(
                backTo: core, from: tile.output.intersection(Box(extent: reader.extent)))
            let run = try run(tile, core: back?.sources ?? core, of: reader, mirroring.reflections) { part in
                progress((Double(number) + part) / Double(tiles.count)) == .proceed
            }
            guard var probabilities = run else { return false }
            if let back { probabilities = back.apply(probabilities) }
            try sink(core, Predictor.labels(probabilities, classes: network.configuration.classes), probabilities)
        }
        _ = progress(1)
        return true
    }

    /// A volume as the network reads it, and its tiles, each with the part of the volume that it is for.
    private struct Layout {
        let reader: IntensityReader
        let resampling: Resampling?
        let tiles: [(tile: Tiling.Tile, core: Box)]
    }

    private func layout(of image: any VoxelSource, _ statistics: [ChannelStatistics]) throws -> Layout {
        let resampling = try recipe.resampling(of: image.header)
        let reader = try IntensityReader(
            resampling.map { ResampledVolume(source: image, resampling: $0) } ?? image, statistics: statistics,
            inputs: recipe.inputs, scaling: recipe.intensities)
        let configuration = network.configuration
        guard reader.channels == configuration.channels else {
            throw TrainingError.mismatch(
                "The model takes \((configuration.channels / recipe.inputs.count).counting("channel")); the volume has "
                    + "\(image.header.channels).")
        }
        var plan =
            plan
            ?? TilePlan(
                volume: reader.extent, network: network, memory: resampling?.share(of: memory) ?? memory)
        if let reach = resampling?.reach {
            for axis in Axis.allCases { plan.halo[axis] += reach[axis] }
        }
        let tiles = tiling(plan, of: reader.extent).tiles
            .map { (tile: $0, core: resampling?.original(of: $0.core) ?? $0.core) }
        return Layout(reader: reader, resampling: resampling, tiles: tiles)
    }

    /// The tiles of a volume, in their order; nothing is computed.
    package static func tiles(
        of image: any VoxelSource, statistics: [ChannelStatistics], model: Checkpoint, recipe: Recipe, memory: Int
    ) throws -> [PredictedTile] {
        let predictor = Predictor(try model.makeNetwork().graph, recipe: recipe, memory: memory) { _ in
            throw TrainingError.mismatch("Tiles are only counted here.")
        }
        let layout = try predictor.layout(of: image, statistics)
        return layout.tiles.filter { !$0.core.isEmpty }.map { tile, core in
            let needed = layout.reader.needed(for: tile.input)
            return PredictedTile(core: core, source: layout.resampling?.weights(of: needed).sources ?? needed)
        }
    }

    /// Reads the network's parameters again after they have changed.
    func refresh() throws { try pass?.pass.refresh() }

    /// The tiles of a volume.
    func tiling(_ plan: TilePlan, of extent: Extent) -> Tiling {
        let multiple = network.multiple
        return Tiling(
            volume: extent, output: plan.output, halo: plan.halo, margin: network.margin,
            step: Extent(z: multiple.z, y: multiple.y, x: multiple.x))
    }

    /// K×core probabilities of a tile, averaged over its reflections; nil if `goOn`, called with the fraction done,
    /// returned false.
    func run(
        _ tile: Tiling.Tile, core: Box, of reader: IntensityReader, _ reflections: [[Axis]] = [[]],
        while goOn: (Double) -> Bool = { _ in true }
    ) throws -> [Float]? {
        let pass = try pass(for: tile.input.extent)
        var mean = [Float](repeating: 0, count: network.configuration.classes * core.extent.voxels)
        for (number, reversed) in reflections.enumerated() {
            try load(tile.input, of: reader, reversed, into: pass.input)
            let isDone = try pass.run { goOn((Double(number) + $0) / Double(reflections.count)) }
            guard isDone else { return nil }
            add(pass.probabilities, of: tile.output, reversed, times: 1 / Float(reflections.count), to: &mean, core)
        }
        return mean
    }

    /// Reads a box as the network's input, reversed along some axes.
    private func load(
        _ box: Box, of reader: IntensityReader, _ reversed: [Axis], into values: UnsafeMutableBufferPointer<Float>
    ) throws {
        try reader.read(box, into: values)
        let size = box.extent.voxels
        for channel in 0..<network.configuration.channels {
            let part = UnsafeMutableBufferPointer(rebasing: values[channel * size..<(channel + 1) * size])
            for axis in reversed { part.reverse(along: axis, of: box.extent) }
        }
    }

    /// Adds a run's probabilities for `output`, reversed along some axes, to the sum for the core within it.
    private func add(
        _ found: UnsafeBufferPointer<Float>, of output: Box, _ reversed: [Axis], times factor: Float,
        to sum: inout [Float], _ core: Box
    ) {
        /// The coordinate in the run's output of a position in the core.
        func place(_ axis: Axis, _ position: Int) -> Int {
            let place = position - output.origin[axis]
            return reversed.contains(axis) ? output.extent[axis] - 1 - place : place
        }
        let (first, step) = (place(.x, core.origin.x), reversed.contains(.x) ? -1 : 1)
        var target = 0
        for value in 0..<network.configuration.classes {
            for z in core.range(.z) {
                let plane = value * output.extent.z + place(.z, z)
                for y in core.range(.y) {
                    let start = (plane * output.extent.y + place(.y, y)) * output.extent.x + first
                    for x in 0..<core.extent.x { sum[target + x] += factor * found[start + step * x] }
                    target += core.extent.x
                }
            }
        }
    }

    /// The most probable class of each voxel; of equally probable classes the first.
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

    private func pass(for input: Extent) throws -> any Inference {
        if let pass, pass.input == input { return pass.pass }
        pass = nil
        let made = try makePass(input.shape(channels: network.configuration.channels))
        pass = (input, made)
        return made
    }
}
