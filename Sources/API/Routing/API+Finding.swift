internal import Foundation
internal import HTTP
internal import Store

/// Looks up what a path names; the store throws 404 if it does not exist.
extension API {
    func project(_ request: Request) async throws -> ProjectRecord {
        try await store.project(named: request.parameter("project"))
    }

    func volume(_ request: Request) async throws -> (project: ProjectRecord, volume: VolumeRecord) {
        let project = try await project(request)
        return (project, try await store.volume(project: project.id, name: request.parameter("volume")))
    }

    func model(_ request: Request, of project: ProjectRecord) async throws -> ModelRecord {
        try await store.model(project: project.id, name: request.parameter("model"))
    }

    /// The prediction of a volume by the model in the query, or the one that the project goes by, or the newest that
    /// finished; a 404 says how to get one.
    func prediction(
        of volume: VolumeRecord, in project: ProjectRecord, _ request: Request
    ) async throws -> PredictionRecord {
        let model = try await wantedModel(request, of: project)
        do {
            return try await store.prediction(volume: volume.id, model: model?.id)
        } catch StoreError.notFound {
            let by = model.map { " by the model \($0.name)" } ?? ""
            let modelField = model.map { ",\"model\":\"\($0.name)\"" } ?? ""
            let missing = try await store.latestModel(project: project.id) == nil && model == nil
            let hint =
                missing
                ? "no training of the project has finished yet; annotate slices and POST {\"kind\":\"train\"}"
                : "POST {\"kind\":\"predict\",\"volumes\":[\"\(volume.name)\"]\(modelField)}"
            let others = try await store.predictions(volume: volume.id).filter { $0.model != model?.id }
            throw HTTPError.notFound(
                "there is no prediction of the volume \(volume.name)\(by) yet; \(hint) to "
                    + "/v1/projects/\(project.name)/jobs"
                    + (others.isEmpty
                        ? ""
                        : ", or ask for one that there is with model=\(others.map(\.modelName).joined(separator: " or "))")
            )
        }
    }

    /// The model named by `model=`, else the one that the project goes by; nil if there is none, for the newest.
    func wantedModel(_ request: Request, of project: ProjectRecord) async throws -> ModelRecord? {
        let named = request.query.text("model")
        guard let name = named == "latest" ? project.model : named ?? project.model else { return nil }
        return try await store.model(project: project.id, name: name)
    }

    /// The folder for received uploads.
    var uploads: URL { store.folder.appending(path: "uploads") }

    /// The folder for decompressed files.
    var scratch: URL { store.folder.appending(path: "scratch") }

    /// The same folder, made if it isn't there.
    func scratchFolder() throws -> URL {
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        return scratch
    }
}
