internal import Foundation
internal import HTTP
internal import Jobs
internal import Store
internal import Training
internal import Volumes

/// A model's prediction of one slice: from the stored prediction, or computed on demand if there is none.
struct PredictedSlice: Sendable {
    /// The model's name.
    let model: String
    /// Changes whenever the answer does.
    let identity: [String]
    /// Class indices, rows × columns.
    let labels: @Sendable () async throws -> [UInt8]
    /// Entropy of the probabilities in nats / ln K, rows × columns.
    let uncertainty: @Sendable () async throws -> [Float]
}

extension API {
    /// The slice by the model in the query or the one that the project goes by, else by the newest finished one that
    /// predicted the volume, else by the newest finished one.
    func predictedSlice(
        _ request: Request, _ position: SlicePosition, of volume: VolumeRecord, in project: ProjectRecord
    ) async throws -> PredictedSlice {
        let box = Box(slice: position, of: volume.header.extent)
        let named = try await wantedModel(request, of: project)
        do {
            let prediction = try await store.prediction(volume: volume.id, model: named?.id)
            return stored(prediction, box)
        } catch StoreError.notFound {
            var model = named
            if model == nil { model = try await store.latestModel(project: project.id) }
            guard let model else {
                throw HTTPError.notFound(
                    "there is no prediction of the volume \(volume.name) and no model to make one with yet; annotate "
                        + "slices and POST {\"kind\":\"train\"} to /v1/projects/\(project.name)/jobs")
            }
            return computed(box, of: volume, by: model)
        }
    }

    private func stored(_ prediction: PredictionRecord, _ box: Box) -> PredictedSlice {
        let (store, drawing) = (store, drawing)
        return PredictedSlice(
            model: prediction.modelName, identity: ["stored", prediction.identity],
            labels: { try await drawing.run { try store.source(grid: prediction.labels).labels(box) } },
            uncertainty: {
                try await drawing.run {
                    try UncertaintyVolume(store.source(grid: prediction.probability)).floats(box)
                }
            })
    }

    private func computed(_ box: Box, of volume: VolumeRecord, by model: ModelRecord) -> PredictedSlice {
        let predictions = predictions
        let predict: @Sendable () async throws -> RegionPrediction = {
            try await predictions.predict(box, of: volume, by: model, hasLeft: Client.hasLeft)
        }
        return PredictedSlice(
            model: model.name,
            identity: ["computed", volume.identity, "\(model.id) \(model.created.timeIntervalSince1970)"],
            labels: { try await predict().labels },
            uncertainty: { entropy(try await predict().probabilities, classes: model.classes.count) })
    }
}
