internal import Foundation
internal import Network
internal import Store
internal import Synchronization
internal import Tensors
internal import Training
internal import Volumes

/// Predicts boxes of volumes on demand, one at a time; keeps the last model loaded.
actor RegionPredictor {
    private let store: Store
    private let thread: ComputeThread
    private let threads: Int
    private let tileMemory: Int
    private var engine: (any ComputeEngine)?
    private var loaded: (model: Int64, predictor: Predictor)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// `threads` is the engine's count; results equal those of whole volumes if `tileMemory` is the same.
    init(store: Store, on thread: ComputeThread, threads: Int, tileMemory: Int) {
        self.store = store
        self.thread = thread
        self.threads = threads
        self.tileMemory = tileMemory
    }

    /// The prediction of a box that lies inside the volume, the same as that of the whole volume there.
    ///
    /// - Throws: `CancellationError` at most one tile after the task was cancelled.
    func predict(_ box: Box, of volume: VolumeRecord, with model: TrainedModel) async throws -> RegionPrediction {
        let flag = Flag()
        return try await withTaskCancellationHandler {
            if loaded?.model != model.id {
                let weights = try await store.weights(model: model.id)
                try load(model, weights)
            }
            return try compute(box, of: try await store.measured(volume), with: model, flag)
        } onCancel: {
            flag.raise()
        }
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

    private func compute(
        _ box: Box, of volume: VolumeRecord, with model: TrainedModel, _ flag: Flag
    ) throws -> RegionPrediction {
        guard let loaded, !flag.isRaised else { throw CancellationError() }
        var result = RegionPrediction(model: model.name, box: box, classes: model.classes.count)
        let isWhole = try loaded.predictor.predict(
            try store.source(grid: volume.image), statistics: volume.statistics, only: box,
            progress: { _ in flag.isRaised ? .stop : .proceed },
            sink: { tile, labels, probabilities in
                result.take(tile, labels: labels, probabilities: probabilities)
            })
        guard isWhole else { throw CancellationError() }
        return result
    }

    private final class Flag: Sendable {
        private let raised = Atomic(false)
        var isRaised: Bool { raised.load(ordering: .relaxed) }
        func raise() { raised.store(true, ordering: .relaxed) }
    }
}
