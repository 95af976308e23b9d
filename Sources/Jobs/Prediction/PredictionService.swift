package import Store
package import Training
package import Volumes

/// What is known of predictions and what can be predicted on demand, beside the jobs.
package struct PredictionService: Sendable {
    /// How the machine is used.
    package let settings: JobSettings
    private let store: Store
    private let reports: Reports
    private let regions: RegionPredictor

    package init(store: Store, settings: JobSettings = JobSettings()) {
        self.store = store
        self.settings = settings
        let aside = ComputeThread(name: "slices", niceness: settings.niceness)
        reports = Reports(store: store, on: aside)
        regions = RegionPredictor(
            store: store, on: aside, threads: settings.sliceThreads, tileMemory: settings.tileMemory)
    }

    /// How good the stored prediction of a volume by a model is.
    ///
    /// Current slices are divided as the model knew them; slices annotated since count as held out.
    ///
    /// - Throws: `StoreError.notFound` where nothing is predicted.
    package func report(on volume: VolumeRecord, by model: ModelRecord) async throws -> Report {
        try await reports.report(on: volume, by: TrainedModel(model))
    }

    /// How good a stored prediction of a volume is.
    package func report(on volume: VolumeRecord, _ prediction: PredictionRecord) async throws -> Report {
        try await report(on: volume, by: try await store.model(id: prediction.model))
    }

    /// The prediction of a part of a volume by a model, computed now.
    ///
    /// One at a time, beside a running job; stops when the task is cancelled.
    ///
    /// - Throws: `JobError.invalid` for a box outside of the volume or a model that doesn't fit.
    package func predict(_ box: Box, of volume: VolumeRecord, by model: ModelRecord) async throws -> RegionPrediction {
        let model = try TrainedModel(model)
        let channels = volume.header.channels
        guard model.takes(channels: channels) else {
            throw JobError.invalid(
                field: "model", detail: "the model \"\(model.name)\" does not take volumes of \(channels) channels")
        }
        guard !box.isEmpty, Box(extent: volume.header.extent).contains(box) else {
            throw JobError.invalid(field: "box", detail: "lies outside of the volume \"\(volume.name)\"")
        }
        return try await regions.predict(box, of: volume, with: model)
    }
}
