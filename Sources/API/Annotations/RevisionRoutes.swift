internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The history of a slice's annotations, clearing and restoring them.
struct RevisionRoutes: Sendable {
    let api: API

    private static let slice = "/v1/projects/{project}/volumes/{volume}/annotations/{axis}/{index}"
    private static let author = Endpoint.QueryParameter.text("author", AnnotationRoutes.authorMeaning)
    private static let guardian = Endpoint.QueryParameter.integer(
        "if-revision", "Only if this is the slice's current revision")

    var endpoints: [Endpoint] {
        [clearing.conditional] + others
    }

    private var clearing: Endpoint {
        Endpoint(
            .delete, Self.slice, "Clear a slice, as a new revision.", role: .annotator,
            query: [Self.author, Self.guardian, SeenImage.parameter],
            answers: [.init(200, "The new revision", .json("Annotation"))], answer: clear)
    }

    private var others: [Endpoint] {
        [
            Endpoint(
                .get, "\(Self.slice)/history", "Every revision of a slice, oldest first.",
                answers: [.init(200, "The revisions", .list(of: "Annotation"))], answer: history),
            Endpoint(
                .post, "\(Self.slice)/restore", "Bring an earlier revision of a slice back, as a new one.",
                role: .annotator,
                query: [
                    .integer("revision", "The revision to bring back", required: true), Self.author, Self.guardian,
                    SeenImage.parameter,
                ],
                answers: [.init(201, "The new revision", .json("AnnotationPosted"))], answer: restore),
        ]
    }

    private func clear(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let position = try request.slice(of: volume.header.extent)
        let (author, image) = (try request.author(), try SeenImage(request))
        let expected = try await api.expectedRevision(request, at: position, of: volume, in: project)
        let record = try await request.heedingMatch {
            try await api.store.clear(
                volume: volume.id, at: position, author: author, ifRevision: expected, demand: image?.check)
        }
        return .json(JSONValue(record, classes: project.classes))
    }

    private func history(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let position = try request.slice(of: volume.header.extent)
        let records = try await api.store.history(volume: volume.id, at: position)
        return .json(.array(records.map { JSONValue($0, classes: project.classes) }))
    }

    private func restore(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let position = try request.slice(of: volume.header.extent)
        let revision = try request.query.required("revision", example: "?revision=12")
        let (author, guarded) = (try request.author(), try request.revision("if-revision"))
        let image = try SeenImage(request)
        return try await Idempotency.answering {
            try await api.store.restore(
                volume: volume.id, at: position, revision: Int64(revision), author: author, ifRevision: guarded,
                demand: image?.check)
        } by: { record, conflicts in
            .created(
                JSONValue(posted: record, conflicts: conflicts, classes: project.classes),
                at: volume.path(project, record))
        }
    }
}
