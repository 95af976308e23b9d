internal import Store
internal import Text
internal import Volumes

extension TrainingPlanner {
    /// The model and the volumes of a prediction request.
    func targets(_ request: PredictionRequest) async throws -> (model: TrainedModel, volumes: [VolumeRecord]) {
        let models = try await store.trainedModels(project: project.id)
        let named = request.model == "latest" ? nil : request.model
        guard let model = Self.model(named ?? project.model, of: models) else {
            let known = models.prefix(20).map(\.name).joined(separator: ", ")
            throw JobError.invalid(
                field: "model",
                detail: models.isEmpty
                    ? "the project \"\(project.name)\" has no model yet; a job of the kind \"train\" makes one"
                    : named.map {
                        "there is no model \"\($0.prefix(80))\" in the project \"\(project.name)\"; it has \(known)"
                    }
                        ?? "no training of the project \"\(project.name)\" has finished; name one of its models: \(known)"
            )
        }
        let all = try await store.volumes(project: project.id)
        let volumes = try chosen(request.volumes, of: all, field: "volumes")
        guard !volumes.isEmpty else {
            throw JobError.invalid(
                field: "volumes", detail: "the project \"\(project.name)\" has no volume; upload one to predict it")
        }
        if let other = volumes.first(where: { !model.takes(channels: $0.header.channels) }) {
            throw JobError.invalid(
                field: "volumes",
                detail: "the volume \"\(other.name)\" has \(other.header.channels.counting("channel")); the model "
                    + "\"\(model.name)\" was trained on another number of channels")
        }
        return (model, volumes)
    }

    /// The model of a name, or the newest that finished.
    private static func model(_ name: String?, of models: [TrainedModel]) -> TrainedModel? {
        guard let name else { return models.first { $0.record.state == .succeeded } }
        return models.first { $0.name == name }
    }
}
