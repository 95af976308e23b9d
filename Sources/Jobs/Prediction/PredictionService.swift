internal import Network
package import Store
internal import Synchronization
internal import Text
package import Training
package import Volumes

/// Reports on stored predictions, and predictions on demand outside of jobs.
package struct PredictionService: Sendable {
    /// Threads and memory that predictions use.
    package let settings: JobSettings
    private let store: Store
    private let reports: Reports
    private let regions: RegionPredictor

    package init(store: Store, settings: JobSettings = JobSettings()) {
        self.store = store
        self.settings = settings
        // The end of a job waits for its report, which must not wait for slices.
        reports = Reports(store: store, on: ComputeThread(name: "reports", niceness: settings.niceness))
        regions = RegionPredictor(
            store: store, on: ComputeThread(name: "slices", niceness: settings.niceness),
            threads: settings.sliceThreads, tileMemory: settings.tileMemory)
    }

    /// The report on the stored prediction of a volume by a model.
    ///
    /// Current slices are split into those the model learned from and held-out ones, among them those annotated since.
    ///
    /// - Throws: `StoreError.notFound` if there is no prediction.
    package func report(on volume: VolumeRecord, by model: ModelRecord) async throws -> Report {
        try await reports.report(on: volume, by: TrainedModel(model))
    }

    /// The report on a stored prediction of a volume.
    package func report(on volume: VolumeRecord, _ prediction: PredictionRecord) async throws -> Report {
        try await report(on: volume, by: try await store.model(id: prediction.model))
    }

    /// The prediction of a part of a volume by a model, computed now.
    ///
    /// One is computed at a time, in parallel to a running job, the newest first; stops when the task is cancelled or
    /// the client has left.
    ///
    /// - Throws: `JobError.invalid` for a box outside the volume or a model of other channels, `JobError.busy` if
    ///   newer requests for the volume came while it waited.
    package func predict(
        _ box: Box, of volume: VolumeRecord, by model: ModelRecord,
        hasLeft: @escaping @Sendable () -> Bool = { false }
    ) async throws -> RegionPrediction {
        let model = TrainedModel(model)
        let channels = volume.header.channels
        guard model.takes(channels: channels) else {
            throw JobError.invalid(
                field: "model",
                detail: "the model \"\(model.name)\" does not take volumes of \(channels.counting("channel"))")
        }
        guard !box.isEmpty, Box(extent: volume.header.extent).contains(box) else {
            throw JobError.invalid(field: "box", detail: "lies outside the volume \"\(volume.name)\"")
        }
        if let network = model.configuration?.graph {
            try TrainingPlanner.checkMemory(toPredict: [volume], with: network, field: "model")
        }
        return try await regions.predict(box, of: volume, with: model, hasLeft: hasLeft)
    }

    /// Tiles computed on demand so far.
    package var computedTiles: Int { regions.computedTiles.load(ordering: .relaxed) }
}
