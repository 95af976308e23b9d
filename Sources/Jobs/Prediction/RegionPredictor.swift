internal import Foundation
internal import Network
internal import Store
internal import Synchronization
internal import Tensors
internal import Training
internal import Volumes

/// Predicts boxes of volumes on demand, one at a time; keeps the last model loaded, and the last tiles.
actor RegionPredictor {
    private let store: Store
    private let thread: ComputeThread
    private let threads: Int
    private let tileMemory: Int
    private var engine: (any ComputeEngine)?
    private var loaded: (model: Int64, predictor: Predictor)?
    private var tiles: PredictedTiles
    private nonisolated let queue = RegionQueue()
    nonisolated let computedTiles = Atomic(0)

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// `threads` is the engine's count; results equal those of whole volumes if `tileMemory` is the same.
    init(store: Store, on thread: ComputeThread, threads: Int, tileMemory: Int) {
        self.store = store
        self.thread = thread
        self.threads = threads
        self.tileMemory = tileMemory
        tiles = PredictedTiles(limit: min(tileMemory / 2, 256 << 20))
    }

    /// The prediction of a box that lies inside the volume, the same as that of the whole volume there.
    ///
    /// - Throws: `CancellationError` soon after the task was cancelled or the client has left.
    nonisolated func predict(
        _ box: Box, of volume: VolumeRecord, with model: TrainedModel, hasLeft: @escaping @Sendable () -> Bool
    ) async throws -> RegionPrediction {
        let flag = Flag()
        return try await withTaskCancellationHandler {
            try await queue.turn(of: volume.id, hasLeft: hasLeft) {
                try await self.compute(box, of: volume, with: model) { flag.isRaised || hasLeft() }
            }
        } onCancel: {
            flag.raise()
        }
    }

    private func compute(
        _ box: Box, of volume: VolumeRecord, with model: TrainedModel, isOver: @Sendable () -> Bool
    ) async throws -> RegionPrediction {
        if loaded?.model != model.id {
            let weights = try await store.weights(model: model.id)
            try load(model, weights)
        }
        let volume = try await store.measured(volume)
        guard let loaded else { throw CancellationError() }
        let source = try store.source(grid: volume.image)
        var cores: [Box] = []
        _ = try loaded.predictor.predict(
            source, statistics: volume.statistics, only: box,
            where: { core in
                cores.append(core)
                return false
            }, sink: { _, _, _ in })
        var result = RegionPrediction(model: model.name, box: box, classes: model.classes.count)
        for core in cores {
            let key = PredictedTiles.Key(model: model.id, image: volume.image, box: core)
            let tile = try tiles.find(key) ?? compute(key, of: source, volume.statistics, loaded.predictor, isOver)
            result.take(core, labels: tile.labels, probabilities: tile.probabilities)
        }
        return result
    }

    /// Computes a whole tile.
    private func compute(
        _ key: PredictedTiles.Key, of source: some VoxelSource, _ statistics: [ChannelStatistics],
        _ predictor: Predictor, _ isOver: () -> Bool
    ) throws -> PredictedTiles.Tile {
        var tile: PredictedTiles.Tile?
        let isWhole = try predictor.predict(
            source, statistics: statistics, only: key.box, progress: { _ in isOver() ? .stop : .proceed },
            sink: { tile = PredictedTiles.Tile(labels: $1, probabilities: $2) })
        guard isWhole, let tile else { throw CancellationError() }
        tiles.keep(tile, as: key)
        computedTiles.add(1, ordering: .relaxed)
        return tile
    }

    private func load(_ model: TrainedModel, _ weights: Data) throws {
        loaded = nil
        let engine = try engine ?? Engine(threads: threads)
        self.engine = engine
        let predictor = try Predictor(
            model: Checkpoint(weights), recipe: model.recipe.get(), engine: engine,
            memory: tileMemory)
        loaded = (model.id, predictor)
    }

    private final class Flag: Sendable {
        private let raised = Atomic(false)
        var isRaised: Bool { raised.load(ordering: .relaxed) }
        func raise() { raised.store(true, ordering: .relaxed) }
    }
}
