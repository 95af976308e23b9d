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

    /// The prediction of a volume by the model in the query or by the newest; a 404 says how to get one.
    func prediction(
        of volume: VolumeRecord, in project: ProjectRecord, _ request: Request
    ) async throws -> PredictionRecord {
        let model = try await queriedModel(request, of: project)
        do {
            return try await store.prediction(volume: volume.id, model: model?.id)
        } catch StoreError.notFound {
            let by = model.map { " by the model \($0.name)" } ?? ""
            let modelField = model.map { ",\"model\":\"\($0.name)\"" } ?? ""
            let hint =
                try await store.latestModel(project: project.id) == nil
                ? "the project has no model yet; annotate slices and POST {\"kind\":\"train\"}"
                : "POST {\"kind\":\"predict\",\"volumes\":[\"\(volume.name)\"]\(modelField)}"
            throw HTTPError.notFound(
                "there is no prediction of the volume \(volume.name)\(by) yet; \(hint) to "
                    + "/v1/projects/\(project.name)/jobs")
        }
    }

    /// The model named by `model=`; nil if not given or `latest`.
    func queriedModel(_ request: Request, of project: ProjectRecord) async throws -> ModelRecord? {
        guard let name = request.query.text("model"), name != "latest" else { return nil }
        return try await store.model(project: project.id, name: name)
    }

    /// The folder for received uploads.
    var uploads: URL { store.folder.appending(path: "uploads") }

    /// The folder for decompressed files.
    var scratch: URL { store.folder.appending(path: "scratch") }
}
