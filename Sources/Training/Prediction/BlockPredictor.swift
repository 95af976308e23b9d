package import Network
package import Volumes

/// Segments a volume block by block, each with the same bits whoever computes it; memory is bounded by the block.
///
/// Not thread-safe.
package final class BlockPredictor {
    /// The parts that work is divided into, whatever the number of threads: as many threads are of use.
    package static let parts = 16

    private let plan: BlockPlan
    private let network: NetworkGraph
    private let predictor: Predictor
    private let reader: IntensityReader
    private let resampling: Resampling?
    private let reflections: [[Axis]]

    /// The plan must be that of the image, and `engine` divide its work into `parts` parts.
    package init(
        _ plan: BlockPlan, model: Checkpoint, recipe: Recipe, engine: any ComputeEngine, image: any VoxelSource,
        statistics: [ChannelStatistics]
    ) throws {
        self.plan = plan
        network = model.configuration.graph
        predictor = try Predictor(model: model, recipe: recipe, engine: engine)
        let resampling = try recipe.resampling(of: image.header)
        self.resampling = resampling
        reader = try IntensityReader(
            resampling.map { ResampledVolume(source: image, resampling: $0) } ?? image, statistics: statistics,
            inputs: recipe.inputs, scaling: recipe.intensities)
        reflections = Mirroring(recipe, base: network.configuration.base, of: reader.extent).reflections
    }

    /// The K×block probabilities of a block by its number, and the most probable class of each voxel; nil if `goOn`,
    /// called often with the fraction done, returned false.
    package func predict(
        block number: Int, while goOn: (Double) -> Bool = { _ in true }
    ) throws -> (labels: [UInt8], probabilities: [Float])? {
        let block = plan.box(of: number)
        let back = resampling?.weights(backTo: block, from: Box(extent: reader.extent))
        let core = back?.sources ?? block
        guard var probabilities = try predictor.run(tile(for: core), core: core, of: reader, reflections, while: goOn)
        else { return nil }
        if let back { probabilities = back.apply(probabilities) }
        return (Predictor.labels(probabilities, classes: network.configuration.classes), probabilities)
    }

    /// The tile for a part of the grid that the network sees: one of the plan's size that begins at a multiple of the
    /// network's step and, as far as it can, within the volume.
    private func tile(for core: Box) -> Tiling.Tile {
        var output = Box(extent: plan.tile)
        for axis in Axis.allCases {
            let step = max(axis.of(network.multiple), 1)
            let last = max((reader.extent[axis] - plan.tile[axis] + step - 1) / step * step, 0)
            let first = max(core.origin[axis] - plan.halo[axis], 0) / step * step
            output.origin[axis] = min(first, last)
        }
        var input = output
        for axis in Axis.allCases {
            input.origin[axis] -= network.margin[axis]
            input.extent[axis] += 2 * network.margin[axis]
        }
        return Tiling.Tile(input: input, output: output, core: core)
    }
}
