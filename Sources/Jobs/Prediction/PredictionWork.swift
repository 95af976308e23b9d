internal import Foundation
internal import Network
internal import Store
internal import Training
internal import Volumes

/// Predicts volumes with a model, stores the predictions and scores them.
struct PredictionWork {
    let store: Store
    let compute: Compute
    let predictions: PredictionService
    let tileMemory: Int
    let context: JobContext

    /// The summary of each volume in the order given; `nil` if the work was stopped.
    ///
    /// A volume that an interrupted attempt has finished isn't predicted again. `progress` is that of the training
    /// before the prediction.
    func run(
        _ model: TrainedModel, _ volumes: [VolumeRecord], progress: JobProgress
    ) async throws -> [PredictionSummary]? {
        guard !volumes.isEmpty else { return [] }
        let recipe = try model.recipe.get()
        let weights = try await store.weights(model: model.id)
        let meter = PredictionMeter(voxels: volumes.map(\.header.extent.voxels), progress: progress, context: context)
        var summaries: [PredictionSummary] = []
        for (place, volume) in volumes.enumerated() {
            guard context.verdict == .proceed else { return nil }
            let isDone = try await isPredicted(volume, by: model)
            if !isDone {
                let volume = try await store.measured(volume)
                let grids = try await compute.perform { engine in
                    try predict(volume, model, recipe, weights, engine) { meter.report(place, volume.name, $0) }
                }
                guard let grids else { return nil }
                _ = try await store.putPrediction(
                    volume: volume.id, model: model.id, labels: grids.labels, probability: grids.probability,
                    image: volume.image)
                try await store.noteProgress(job: context.job.id)
                context.log("predicted the volume \(volume.name)")
            }
            // Its truth may have been replaced since.
            let report = try await predictions.report(on: try await store.volume(id: volume.id), by: model.record)
            summaries.append(PredictionSummary(volume: volume.name, report: report))
        }
        return summaries
    }

    /// Whether an earlier attempt of this job has stored the prediction.
    private func isPredicted(_ volume: VolumeRecord, by model: TrainedModel) async throws -> Bool {
        guard context.job.attempts > 1, let since = context.job.started else { return false }
        return try await store.predictions(volume: volume.id).contains { $0.model == model.id && $0.created >= since }
    }

    private func predict(
        _ volume: VolumeRecord, _ model: TrainedModel, _ recipe: Recipe, _ weights: Data, _ engine: any ComputeEngine,
        _ report: (Double) -> Verdict
    ) throws -> (labels: VoxelGridID, probability: VoxelGridID)? {
        let predictor = try Predictor(
            model: Checkpoint(weights), recipe: recipe, engine: engine, memory: tileMemory)
        let labels = try store.makeGrid(header: volume.header.with(element: .uint8))
        let classes = model.classes.count
        let probability = try store.makeGrid(header: volume.header.with(element: .uint16, channels: classes))
        let isWhole = try predictor.predict(
            try store.source(grid: volume.image), statistics: volume.statistics, progress: report
        ) { box, classLabels, probabilities in
            try labels.write(box: box, channel: 0, values: classLabels)
            let voxels = box.extent.voxels
            for channel in 0..<classes {
                let values = StoredProbability.encode(probabilities[channel * voxels..<(channel + 1) * voxels])
                try probability.write(box: box, channel: channel, values: values)
            }
            Allocator.releaseFreeMemory()
        }
        Allocator.releaseFreeMemory()
        guard isWhole else { return nil }
        return (try labels.finish(), try probability.finish())
    }
}
