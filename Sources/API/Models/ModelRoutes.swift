internal import Foundation
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
                .get, "/v1/projects/{project}/models", "The models of a project, newest first, or some side by side.",
                query: [
                    .text("compare", "Names with commas between them: how good these models are on the test slices"),
                    TableFormat.parameter,
                ],
                answers: [Self.models], answer: list),
            Endpoint(
                .get, Self.one, "One model: architecture, parent, recipe, seed, training labels, metrics.",
                answers: [.init(200, "The model", .json("Model"))]
            ) { request in
                let project = try await api.project(request)
                return .tagged(JSONValue(try await api.model(request, of: project)))
            }.tagged,
            Endpoint(
                .delete, Self.one, "Remove a model and its predictions.", role: .trainer,
                answers: [.init(204, "It was removed")]
            ) { request in
                let project = try await api.project(request)
                let model = try await api.model(request, of: project)
                try request.demand(model.tags, of: "the model \(model.name)")
                try await api.store.deleteModel(project: project.id, name: model.name) {
                    try request.demand($0.tags, of: "the model \(model.name)")
                }
                await api.exports.remove([.model(model.id)])
                return .noContent
            }.conditional,
        ]
    }

    private static let models: Endpoint.Answer = {
        var answer = Endpoint.Answer(200, "The models; with compare a comparison")
        let either: JSONValue = .either([OpenAPI.list(of: "Model", "The models"), OpenAPI.reference("ModelComparison")])
        answer.content = TableFormat.content(Endpoint.Content(type: "application/json", schema: either))
        return answer
    }()

    private func list(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let format = try TableFormat.wanted(request)
        guard let text = request.query.first("compare") else {
            guard format == .json else {
                throw HTTPError.invalid(
                    "format=\(format.rawValue) is for comparisons: add compare=NAME,NAME", field: "format")
            }
            return .json(.array(try await api.store.models(project: project.id).map { JSONValue($0) }))
        }
        let comparison = try await ModelComparison(of: try await compared(text, in: project), in: project, api)
        return switch format {
        case .json: .json(comparison.json)
        case .md: format.response(comparison.markdown)
        case .csv: format.response(comparison.csv)
        }
    }

    /// The models that `compare=` names, each once, in its order.
    private func compared(_ text: String, in project: ProjectRecord) async throws -> [ModelRecord] {
        let all = try await api.store.models(project: project.id)
        var models: [ModelRecord] = []
        for name in text.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            guard let model = all.first(where: { $0.name == name }) else {
                throw HTTPError.invalid(
                    "there is no model \"\(name.prefix(80))\" in this project; its models are: "
                        + all.prefix(20).map(\.name).joined(separator: ", "),
                    field: "compare")
            }
            if !models.contains(model) { models.append(model) }
        }
        guard (1...ModelComparison.most).contains(models.count) else {
            throw HTTPError.invalid(
                "compare names 1 to \(ModelComparison.most) models, with commas between them, as in compare=round1,round2",
                field: "compare")
        }
        return models
    }
}

extension ModelRecord {
    /// Never the same for other weights.
    var identity: [String] { ["weights", "\(id) \(created.timeIntervalSince1970)"] }

    /// The entity tags of its description and its weights.
    var tags: [String] { [JSONValue(self).tag, ExportCache.tag(identity + ["safetensors"])] }
}
