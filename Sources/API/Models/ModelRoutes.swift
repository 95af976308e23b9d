internal import HTTP
internal import JSON
internal import Store

/// Models: trained networks and their origin.
struct ModelRoutes: Sendable {
    let api: API

    private static let one = "/v1/projects/{project}/models/{model}"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/models", "The models of a project, newest first.",
                answers: [.init(200, "The models", .list(of: "Model"))]
            ) { request in
                let project = try await api.project(request)
                return .json(.array(try await api.store.models(project: project.id).map { JSONValue($0) }))
            },
            Endpoint(
                .get, Self.one, "One model: architecture, parent, recipe, seed, training labels, metrics.",
                answers: [.init(200, "The model", .json("Model"))]
            ) { request in
                let project = try await api.project(request)
                return .json(JSONValue(try await api.model(request, of: project)))
            },
            Endpoint(
                .delete, Self.one, "Remove a model and its predictions.", role: .trainer,
                answers: [.init(204, "It was removed")]
            ) { request in
                let project = try await api.project(request)
                let model = try await api.model(request, of: project)
                try await api.store.deleteModel(project: project.id, name: model.name)
                await api.exports.remove([.model(model.id)])
                return .noContent
            },
        ]
    }
}
