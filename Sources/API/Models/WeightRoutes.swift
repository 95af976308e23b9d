internal import Foundation
internal import HTTP
internal import JSON
internal import Network
internal import Store
internal import Training

/// Upload and download of weights as safetensors.
struct WeightRoutes: Sendable {
    let api: API

    private static let model = "/v1/projects/{project}/models/{model}"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "\(Self.model)/weights", "Download the weights as safetensors.",
                answers: [.init(200, "The file", .binary("application/octet-stream"))], answer: get),
            Endpoint(
                .put, Self.model, "Upload weights that were trained elsewhere, as safetensors.", role: .trainer,
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
        let identity = model.identity
        let tag = ExportCache.tag(identity + ["safetensors"])
        if request.has(tag: tag) { return .unchanged(tag: tag) }
        let store = api.store
        let export = try await api.exports.export(
            identity, of: .model(model.id), fileExtension: "safetensors"
        ) { try store.weightsNow(model: model.id).write(to: $0) }
        return try .file(
            export.url, contentType: "application/octet-stream", etag: export.tag,
            filename: "\(model.name).safetensors")
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
        let (weights, model) = try await api.work.run {
            let weights = try Data(contentsOf: file.url, options: .mappedIfSafe)
            return (weights, try ImportedModel(weights, name: name, classes: project.classes.map(\.name)).record)
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
