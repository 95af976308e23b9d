internal import Foundation
internal import Store
internal import Training
internal import Volumes

/// Predicts volumes with a model, stores the predictions and scores them.
struct PredictionWork {
    let store: Store
    let computer: any UnitComputer
    let predictions: PredictionService
    let settings: JobSettings
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
                let unit = PredictionUnit(
                    volume: volume.name, image: try store.source(grid: volume.image), grid: volume.image,
                    statistics: volume.statistics, weights: weights, recipe: recipe, tileMemory: settings.tileMemory)
                let grids = try PredictionGrids(of: volume.header, classes: model.classes.count, in: store)
                let isWhole = try await predict(unit, into: grids) { meter.report(place, volume.name, $0) }
                guard isWhole else { return nil }
                let finished = try await computer.finish(grids)
                _ = try await store.putPrediction(
                    volume: volume.id, model: model.id, labels: finished.labels, probability: finished.probability,
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

    /// Predicts a volume, with the help of others if there are any and it has several tiles.
    private func predict(
        _ unit: PredictionUnit, into grids: PredictionGrids, progress: @escaping @Sendable (Double) -> Verdict
    ) async throws -> Bool {
        let tiles = try await areOthersThere() ? unit.tiles() : []
        guard tiles.count > 1 else { return try await computer.predict(unit, into: grids, progress: progress) }
        let first = try await store.units(of: context.job.id).count
        let shared = SharedPrediction(unit, tiles: tiles, first: first, grids: grids, progress: progress)
        context.share(shared)
        defer { context.share(nil) }
        return try await TileSharing(store: store, computer: computer, context: context, shared: shared).run()
    }

    /// Whether the server, a helper or another worker may take a tile.
    private func areOthersThere() async throws -> Bool {
        if context.lease != nil, settings.computesJobs || settings.tilesHaveHelpers { return true }
        let recently = Date(timeIntervalSinceNow: -60)
        return try await store.workers().contains {
            $0.description.name != context.job.worker && $0.seen > recently
        }
    }

    /// Whether an earlier attempt of this job has stored the prediction.
    private func isPredicted(_ volume: VolumeRecord, by model: TrainedModel) async throws -> Bool {
        guard context.job.attempts > 1, let since = context.job.started else { return false }
        return try await store.predictions(volume: volume.id).contains { $0.model == model.id && $0.created >= since }
    }
}
