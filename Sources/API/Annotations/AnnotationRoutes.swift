internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Annotations: slices labeled by people or scripts.
struct AnnotationRoutes: Sendable {
    let api: API

    private static let all = "/v1/projects/{project}/volumes/{volume}/annotations"
    private static let formats = ["png", "npy", "raw"]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, Self.all, "Store an annotated slice, or part of one, as a new revision.", role: .annotator,
                query: [
                    .choice("axis", Axis.allCases.map(\.rawValue), "The slice's normal", required: true),
                    .integer("index", "The slice's index on the axis", required: true),
                    .text("author", "Who annotated the slice"),
                    .text("values", "The meaning of the file's values: 0:unlabeled,1:NAME"),
                    .text("region", "row,column,rows,columns of the part in the body"),
                    .integer("if-revision", "Only if this is the slice's current revision; 0 if it has none"),
                    API.roleParameter(required: false),
                ],
                policy: .memory(limit: APISettings.sliceLimit),
                content: [.binary("application/octet-stream")],
                answers: [.init(201, "It is stored", .json("AnnotationPosted"))], answer: post),
            Endpoint(
                .get, Self.all, "The current slices, oldest first.",
                answers: [.init(200, "The slices", .list(of: "Annotation"))], answer: list),
            Endpoint(
                .get, "\(Self.all)/{axis}/{index}", "The current labels of a slice.",
                query: [.choice("format", Self.formats, "png by default: a palette whose index is the value")],
                answers: [
                    .init(
                        200, "The labels, 255 where unlabeled", .binary("image/png"), .binary("application/x-npy"),
                        .binary("application/octet-stream"))
                ], answer: get),
        ]
    }

    private func post(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let extent = volume.header.extent
        let position = SlicePosition(
            try request.axis(), try request.query.required("index", example: "?axis=z&index=31"))
        if let absence = position.absence(from: extent) { throw HTTPError.invalid(absence, field: "index") }
        let plane = position.plane(in: extent)
        let region = try Region(request, rows: plane.rows, columns: plane.columns)
        let place = SliceBody.Place(
            rows: region?.rows ?? plane.rows, columns: region?.columns ?? plane.columns,
            name: region == nil ? "the slice on axis \(position.axis.rawValue) of this volume" : "the region")
        let mapping = try ClassMapping(classes: project.classes.map(\.name), values: request.query.first("values"))
        let values = try SliceBody.values(request.body.bytes(), contentType: request.contentType, for: place)
        let annotation = NewAnnotation(
            at: position, rows: place.rows, columns: place.columns,
            values: try mapping.classes(of: values, columns: place.columns), author: try request.author(),
            region: region, role: try request.role())
        let guarded = try request.revision("if-revision")
        return try await Idempotency.answering {
            try await api.store.postAnnotations(volume: volume.id, [annotation], ifRevision: guarded)
        } by: { posted in
            guard let (record, conflicts) = posted.first else { throw StoreError.failed("nothing was posted") }
            return .created(
                JSONValue(posted: record, conflicts: conflicts, classes: project.classes),
                at: volume.path(project, record))
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let records = try await api.store.currentAnnotations(volume: volume.id)
        return .json(.array(records.map { JSONValue($0, classes: project.classes) }))
    }

    private func get(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let position = try request.slice(of: volume.header.extent)
        let format = try request.query.choice("format", of: Self.formats) ?? "png"
        let (record, values) = try await api.store.annotation(volume: volume.id, at: position)
        let colors = project.classes.map(\.color)
        return try .slice(
            values, of: position.plane(in: volume.header.extent), as: format, colors: colors,
            tag: ExportCache.tag(["annotation", "\(record.revision)", format, colors.joined()]),
            name: "\(volume.name)-annotation-\(position.axis.rawValue)\(position.index)")
    }
}

extension VolumeRecord {
    /// The path of the current annotation of a slice.
    func path(_ project: ProjectRecord, _ annotation: AnnotationRecord) -> String {
        "/v1/projects/\(project.name)/volumes/\(name)/annotations/\(annotation.axis.rawValue)/\(annotation.index)"
    }
}
