internal import HTTP
internal import Jobs
internal import Store

/// A project as clients of MONAI Label see it, below `/monai/{project}`: 3D Slicer's module, the Python client.
///
/// The calls are those of MONAI Label 0.8.5. Success is always 200, and an error's `detail` is where its clients look.
extension API {
    static let monai = "/monai/{project}"

    /// The parts of the path at which a project is such an app.
    package static func monaiPath(of project: String) -> [String] { ["monai", project] }

    var monaiEndpoints: [Endpoint] {
        MONAIInfoRoutes(api: self).endpoints + MONAIAccessRoutes(api: self).endpoints
            + MONAIImageRoutes(api: self).endpoints + MONAILabelRoutes(api: self).endpoints
            + MONAISampleRoutes(api: self).endpoints + MONAITrainRoutes(api: self).endpoints
            + MONAIInferRoutes(api: self).endpoints + MONAISessionRoutes(api: self).endpoints
    }

    /// The volumes of a project that are not sessions, by name.
    func monaiVolumes(of project: ProjectRecord) async throws -> [VolumeRecord] {
        try await store.volumes(project: project.id).filter { MONAISession(named: $0.name) == nil }
    }

    /// The image that a query names, by `image=` or another parameter.
    func monaiVolume(
        _ request: Request, by parameters: [String] = ["image"]
    ) async throws -> (project: ProjectRecord, volume: VolumeRecord) {
        let project = try await project(request)
        guard let name = parameters.lazy.compactMap({ request.query.text($0) }).first else {
            let field = parameters.first ?? "image"
            throw HTTPError.invalid("\(field) is missing: the name of a volume, as in ?\(field)=sample", field: field)
        }
        return (project, try await store.volume(project: project.id, name: name))
    }

    /// The model of a name; `latest` is the one that the project goes by, or else the newest that finished.
    func monaiModel(_ name: String, of project: ProjectRecord) async throws -> ModelRecord {
        guard name == "latest" else {
            do {
                return try await store.model(project: project.id, name: name)
            } catch StoreError.notFound {
                let known = try await store.models(project: project.id).map(\.name)
                throw HTTPError.notFound(
                    "there is no model \"\(name.prefix(80))\"; "
                        + (known.isEmpty
                            ? "there is none yet: annotate slices and train"
                            : "the models are latest, \(known.prefix(20).joined(separator: ", "))"))
            }
        }
        guard let model = try await monaiCurrentModel(of: project) else {
            throw HTTPError.notFound(
                "there is no model yet; annotate slices (Submit Label), then train, and ask again when that has ended")
        }
        return model
    }

    /// What `latest` stands for; `nil` if there is no model.
    func monaiCurrentModel(of project: ProjectRecord) async throws -> ModelRecord? {
        guard let name = project.model else { return try await store.latestModel(project: project.id) }
        return try await store.model(project: project.id, name: name)
    }

    /// The prediction of a volume by a model; `nil` if there is none.
    func monaiPrediction(of volume: VolumeRecord, by model: ModelRecord?) async throws -> PredictionRecord? {
        guard let model else { return nil }
        do {
            return try await store.prediction(volume: volume.id, model: model.id)
        } catch StoreError.notFound {
            return nil
        }
    }
}
