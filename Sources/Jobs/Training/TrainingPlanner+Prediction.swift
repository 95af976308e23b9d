internal import Store
internal import Volumes

extension TrainingPlanner {
    /// The model and the volumes of a prediction request.
    func targets(_ request: PredictionRequest) async throws -> (model: TrainedModel, volumes: [VolumeRecord]) {
        let models = try await store.trainedModels(project: project.id)
        let name = request.model ?? "latest"
        guard let model = name == "latest" ? models.first : models.first(where: { $0.name == name }) else {
            throw JobError.invalid(
                field: "model",
                detail: models.isEmpty
                    ? "the project \"\(project.name)\" has no model yet; a job of the kind \"train\" makes one"
                    : "there is no model \"\(name.prefix(80))\" in the project \"\(project.name)\"; "
                        + "it has \(models.prefix(20).map(\.name).joined(separator: ", "))")
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
                detail: "the volume \"\(other.name)\" has \(other.header.channels) channels; the model "
                    + "\"\(model.name)\" was trained on another number of channels")
        }
        return (model, volumes)
    }
}
