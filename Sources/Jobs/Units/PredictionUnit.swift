internal import Foundation
internal import Network
internal import Store
internal import Training
internal import Volumes

/// The prediction of a volume, or of one tile of it, without the store: all that it depends on.
struct PredictionUnit: Sendable {
    /// The volume's name.
    var volume: String
    var image: any VoxelSource
    /// The voxels in the store; `nil` on a worker.
    var grid: VoxelGridID?
    var statistics: [ChannelStatistics]
    /// A safetensors file.
    var weights: Data
    var recipe: Recipe
    /// The most bytes for the activations of a tile: with other tiles voxels between two classes may differ.
    var tileMemory: Int
    /// The tile; `nil` for all.
    var tile: PredictedTile?

    /// What a predictor is made of.
    struct Model: Equatable, Sendable {
        var weights: Data
        var recipe: Recipe
        var tileMemory: Int
    }

    var model: Model { Model(weights: weights, recipe: recipe, tileMemory: tileMemory) }

    /// All tiles of the volume.
    func tiles() throws -> [PredictedTile] {
        try Predictor.tiles(
            of: image, statistics: statistics, model: Checkpoint(weights), recipe: recipe, memory: tileMemory)
    }

    /// How many voxels it predicts.
    var voxels: Int { (tile?.core.extent ?? image.header.extent).voxels }

    /// What predicts by the model.
    func makePredictor(on engine: any ComputeEngine) throws -> Predictor {
        try Predictor(model: Checkpoint(weights), recipe: recipe, engine: engine, memory: tileMemory)
    }

    /// Predicts by a predictor of the model on the caller's thread, tile by tile; whether it was predicted whole.
    func run(
        by predictor: Predictor, progress: (Double) -> Verdict,
        sink: (_ box: Box, _ labels: [UInt8], _ probabilities: [Float]) throws -> Void
    ) throws -> Bool {
        try predictor.predict(
            image, statistics: statistics, where: { core in tile.map { $0.core == core } ?? true },
            progress: progress, sink: sink)
    }
}

/// The labels and the probabilities of a volume while they are written.
struct PredictionGrids: Sendable {
    let labels: VoxelGridWriter
    let probability: VoxelGridWriter

    /// Begins to store the prediction of a volume by so many classes.
    init(of header: VolumeHeader, classes: Int, in store: Store) throws {
        labels = try store.makeGrid(header: header.with(element: .uint8))
        probability = try store.makeGrid(header: header.with(element: .uint16, channels: classes))
    }

    /// Stores a box: a label for each voxel, and for each class its probabilities as they are stored.
    func write(_ box: Box, _ classLabels: [UInt8], probabilities: (_ channel: Int) throws -> [UInt16]) throws {
        try labels.write(box: box, channel: 0, values: classLabels)
        for channel in 0..<probability.header.channels {
            try probability.write(box: box, channel: channel, values: try probabilities(channel))
        }
    }

    /// The grids once they are whole.
    struct Finished: Sendable {
        let labels: VoxelGridID
        let probability: VoxelGridID
    }

    /// Makes both readable; blocks.
    func finish() throws -> Finished {
        Finished(labels: try labels.finish(), probability: try probability.finish())
    }
}
