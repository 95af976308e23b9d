internal import Exchange
internal import Foundation
internal import HTTP
internal import JSON
internal import Jobs
internal import Store

/// Upload and download of weights.
struct WeightRoutes: Sendable {
    let api: API

    private static let model = "/v1/projects/{project}/models/{model}"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "\(Self.model)/weights", "Download the weights, or the network for other programs.",
                query: ModelExport.parameters,
                answers: [
                    .init(200, "The file", .binary("application/octet-stream"), .binary("application/zip"))
                ], answer: get),
            Endpoint(
                .put, Self.model, "Upload weights that were trained elsewhere, as safetensors.", role: .trainer,
                query: ForeignOrigin.parameters,
                policy: .file(limit: api.settings.uploadLimit, folder: api.uploads),
                content: [.binary("application/octet-stream")],
                answers: [
                    .init(201, "It was stored", .json("Model")), .init(200, "It existed already", .json("Model")),
                ], answer: put
            ).conditional,
        ]
    }

    private func get(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let model = try await api.model(request, of: project)
        let export = try await ModelExport(request, in: project, api)
        let identity = export.identity(of: model, in: project)
        let tag = ExportCache.tag(identity + [export.format.fileExtension])
        if request.has(tag: tag) { return .unchanged(tag: tag) }
        let (store, settings) = (api.store, api.predictions.settings)
        let file = try await api.exports.export(
            identity, of: .model(model.id), fileExtension: export.format.fileExtension
        ) {
            try export.write(
                model, in: project, weights: try store.weightsNow(model: model.id), to: $0, settings: settings)
        }
        return try .file(
            file.url, contentType: export.format.contentType, etag: file.tag,
            filename: "\(model.name).\(export.format.fileExtension)")
    }

    private func put(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let name = try Name.checked(request.parameter("model"), of: "model", field: "model")
        guard name != "latest", name != "scratch" else {
            throw HTTPError.invalid("\"\(name)\" has a special meaning in jobs; choose another name", field: "model")
        }
        let known = try await api.store.models(project: project.id).first { $0.name == name }
        try request.demand(known?.tags ?? [], of: "the model \(name)")
        let file = try request.uploadedFile("the safetensors file")
        let origin = try ForeignOrigin(request)
        let (weights, model) = try await api.work.run {
            let classes = project.classes.map(\.name)
            let weights = try origin.weights(Data(contentsOf: file.url, options: .mappedIfSafe), for: classes)
            return (weights, try ImportedModel(weights, name: name, classes: classes).record)
        }
        let place = "/v1/projects/\(project.name)/models/\(name)"
        if let known {
            guard try await api.store.weights(model: known.id) == weights else {
                throw HTTPError.conflict(
                    "there is a model \(name) with other weights; choose another name, or DELETE \(place) first")
            }
            return .json(JSONValue(known))
        }
        let record = try await api.store.addModel(project: project.id, model, weights: weights) {
            try request.demand($0?.tags ?? [], of: "the model \(name)")
        }
        return .created(JSONValue(record), at: place)
    }
}
