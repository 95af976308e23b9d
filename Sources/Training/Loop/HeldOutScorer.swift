internal import Network
internal import Volumes

/// Measures a network on slices, mostly held-out ones during training, in a limited number of tiles that touch them.
final class HeldOutScorer {

    private struct Sample {
        var volume: Int
        var tile: Tiling.Tile
    }

    private let predictor: Predictor
    private let readers: [IntensityReader]
    private let truths: [SparseLabels]
    private let samples: [Sample]
    private let classes: Int

    /// Returns `nil` if no volume has such a slice; `tile` is the output extent of a training patch, `limit` the greatest
    /// number of tiles in a measurement.
    init?(
        _ volumes: [TrainingVolume], learner: any Learner, weights: WeightSet, recipe: Recipe,
        statistics: BatchNormStatistics, tile: Extent, of slices: KeyPath<TrainingVolume, [AnnotatedSlice]> = \.heldOut,
        limit: Int = 16
    ) throws {
        let graph = learner.graph, configuration = graph.configuration
        let multiple = graph.multiple
        let step = Extent(z: multiple.z, y: multiple.y, x: multiple.x)
        var halo = Extent(z: 0, y: 0, x: 0)
        if configuration.padding == .same {
            for axis in Axis.allCases { halo[axis] = tile[axis] / 6 / step[axis] * step[axis] }
        }
        let plan = TilePlan(output: tile, halo: halo)
        predictor = Predictor(graph, recipe: recipe, plan: plan) { input in
            try learner.makeInference(of: weights, input: input, statistics: statistics)
        }
        classes = configuration.classes
        var samples: [Sample] = []
        var readers: [IntensityReader] = []
        var truths: [SparseLabels] = []
        for (number, volume) in volumes.enumerated() {
            let header = volume.image.header
            let chosen = volume[keyPath: slices]
            try chosen.validate(extent: header.extent, classes: classes, volume: volume.name)
            readers.append(
                try IntensityReader(
                    volume.image, statistics: volume.statistics, inputs: recipe.inputs, scaling: recipe.intensities))
            truths.append(SparseLabels(of: header, slices: chosen))
            var seen: Set<Tiling.Tile> = []
            for slice in chosen {
                let plane = Box(slice: slice.position, of: header.extent)
                for tile in predictor.tiling(plan, of: header.extent).tiles(touching: plane)
                where seen.insert(tile).inserted {
                    samples.append(Sample(volume: number, tile: tile))
                }
            }
        }
        guard !samples.isEmpty else { return nil }
        let count = min(samples.count, limit)
        self.samples = (0..<count).map { samples[(2 * $0 + 1) * samples.count / (2 * count)] }
        self.readers = readers
        self.truths = truths
    }

    /// The number of tiles of a measurement.
    var tiles: Int { samples.count }

    /// Steps between measurements, so that they take about a tenth of the time: a tile costs about a third of a step.
    func interval(batch: Int) -> Int { max(20, 4 * samples.count / batch) }

    /// The mean IoU of the present network over the slices' voxels in the tiles; `nil` if it is undefined for all
    /// classes.
    func score(each done: () -> Void = {}) throws -> Double? { try measure(each: done).meanIoU }

    /// How often the present network takes each class for each class, in the slices' voxels in the tiles; `done` is
    /// called after each tile.
    func measure(each done: () -> Void = {}) throws -> ConfusionMatrix {
        try predictor.refresh()
        var matrix = ConfusionMatrix(classes: classes)
        for sample in samples {
            let core = sample.tile.core
            let run = try predictor.run(sample.tile, core: core, of: readers[sample.volume])
            done()
            guard let probabilities = run else { continue }
            let labels = Predictor.labels(probabilities, classes: classes)
            let truth = try truths[sample.volume].raw(core)
            for place in truth.indices { matrix.count(truth: truth[place], prediction: labels[place]) }
        }
        return matrix
    }
}
