internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Changes of all annotations of a volume at once: clearing them, and taking such a change back.
struct ChangeRoutes: Sendable {
    let api: API

    private static let all = "/v1/projects/{project}/volumes/{volume}/annotations"

    var endpoints: [Endpoint] {
        let clearing = Endpoint(
            .delete, Self.all, "Clear all annotated slices, as revisions.", role: .annotator,
            query: [
                .text("author", AnnotationRoutes.authorMeaning), .flag("dry-run", "Only tell what would be changed"),
            ],
            answers: [.init(200, "The slices that were cleared", .json("AnnotationsChanged"))], answer: clear)
        return [
            clearing.conditional,
            Endpoint(
                .post, "\(Self.all)/restore", "Take back all that one call changed, as revisions.", role: .annotator,
                query: [
                    .integer("change", "The change's number, from its answer or a slice's history", required: true),
                    .text("author", AnnotationRoutes.authorMeaning),
                ],
                answers: [.init(201, "The slices as they are again", .json("AnnotationsChanged"))], answer: restore),
        ]
    }

    private func clear(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let (author, isTrial) = (try request.author(), try request.query.flag("dry-run") ?? false)
        let current = try await api.store.currentAnnotations(volume: volume.id)
        try request.demand(api.tags(of: current, of: volume, in: project), of: "the annotations of \(volume.name)")
        let change = try await api.store.clearAnnotations(
            volume: volume.id, basis: request.isConditional ? current.map(\.revision) : nil, author: author,
            isTrial: isTrial)
        guard let change else {
            throw HTTPError(412, "others annotated the volume \(volume.name) at the same time; look again")
        }
        return .json(JSONValue(change, isTrial: isTrial, classes: project.classes))
    }

    private func restore(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let number = try request.query.required("change", example: "?change=12")
        let author = try request.author()
        return try await Idempotency.answering {
            try await api.store.restoreChange(volume: volume.id, Int64(number), author: author)
        } by: { change in
            guard let change else { throw StoreError.failed("nothing was restored") }
            return .created(
                JSONValue(change, classes: project.classes),
                at: "/v1/projects/\(project.name)/volumes/\(volume.name)/labels")
        }
    }
}
