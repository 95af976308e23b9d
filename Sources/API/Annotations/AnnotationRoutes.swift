internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Annotations: slices labeled by people or scripts.
struct AnnotationRoutes: Sendable {
    let api: API

    private static let all = "/v1/projects/{project}/volumes/{volume}/annotations"
    static let formats = ["png", "npy", "raw"]
    static let authorMeaning = "Who makes the change, where no token says it"
    static let valuesMeaning = "The meaning of the file's values or colours: 0:unlabeled,1:NAME,#ff0000:NAME"

    var endpoints: [Endpoint] {
        [posting.conditional] + reading
    }

    private var posting: Endpoint {
        Endpoint(
            .post, Self.all, "Store an annotated slice, or part of one, as a new revision.", role: .annotator,
            query: [
                .choice("axis", of: "Axis", "The slice's normal", required: true),
                .integer("index", "The slice's index on the axis", required: true),
                .text("author", Self.authorMeaning),
                .text("values", Self.valuesMeaning),
                .text("region", "row,column,rows,columns of the part in the body"),
                .integer("if-revision", "Only if this is the slice's current revision; 0 if it has none"),
                SeenImage.parameter, API.roleParameter(required: false),
            ],
            policy: .memory(limit: APISettings.sliceLimit, spool: api.uploads),
            content: [.binary("application/octet-stream")],
            answers: [.init(201, "It is stored", .json("AnnotationPosted"))], answer: post)
    }

    private var reading: [Endpoint] {
        [
            Endpoint(
                .get, Self.all, "The current slices, oldest first.",
                answers: [.init(200, "The slices", .list(of: "Annotation"))], answer: list
            ).tagged,
            Endpoint(
                .get, "\(Self.all)/{axis}/{index}", "The labels of a slice, as they are or as they were.",
                query: [
                    .choice("format", of: "SliceFormat", "png by default: a palette whose index is the value"),
                    .integer("revision", "An earlier revision; the current one by default"),
                ],
                answers: [
                    .init(
                        200, "The labels, 255 where unlabeled", .binary("image/png"), .binary("application/x-npy"),
                        .binary("application/octet-stream"))
                ], answer: get),
        ]
    }

    private func post(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let image = try SeenImage(request)
        // Another image may have another size, which would be told instead.
        try image?.check(volume)
        let extent = volume.header.extent
        let position = SlicePosition(
            try request.axis(), try request.query.required("index", example: "?axis=z&index=31"))
        if let absence = position.absence(from: extent) { throw HTTPError.invalid(absence, field: "index") }
        let plane = position.plane(in: extent)
        let region = try Region(request, rows: plane.rows, columns: plane.columns)
        let place = SlicePlace(position, of: extent, region: region)
        let mapping = try ClassMapping(classes: project.classes, values: request.query.first("values"))
        let picture = try SliceBody.picture(
            request.body.bytes(), contentType: request.contentType, for: place, scratch: try api.scratchFolder())
        let labels = try mapping.labels(of: picture, in: place.name)
        if let doubt = labels.doubt, !(place.isRegion && labels.isErasing) {
            let stored = try? await api.store.annotation(volume: volume.id, at: position)
            guard stored?.values == labels.labels else { throw doubt }
        }
        let annotation = NewAnnotation(
            at: position, rows: place.rows, columns: place.columns, values: labels.labels,
            author: try request.author(), region: region, role: try request.role())
        let expected = try await api.expectedRevision(request, at: position, of: volume, in: project)
        return try await Idempotency.answering {
            try await request.heedingMatch {
                try await api.store.postAnnotations(
                    volume: volume.id, [annotation], ifRevision: expected, demand: image?.check)
            }
        } by: { posted in
            guard let (record, conflicts) = posted.first else { throw StoreError.failed("nothing was posted") }
            return .created(
                JSONValue(
                    posted: record, conflicts: conflicts, unlabeled: labels.unlabeled, classes: project.classes),
                at: volume.path(project, record))
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let records = try await api.store.currentAnnotations(volume: volume.id)
        let list = JSONValue.array(records.map { JSONValue($0, classes: project.classes) })
        return .bytes(
            Array(list.text.utf8), contentType: "application/json",
            etag: API.listTag(of: records, of: volume, in: project))
    }

    private func get(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let position = try request.slice(of: volume.header.extent)
        let format = try request.query.choice("format", of: Self.formats) ?? "png"
        let (record, values) = try await api.store.annotation(
            volume: volume.id, at: position, revision: try request.revision("revision"))
        return try .slice(
            values, of: position.plane(in: volume.header.extent), as: format, colors: project.classes.map(\.color),
            tag: API.tag(of: record, as: format, in: project),
            name: "\(volume.name)-annotation-\(position.axis.rawValue)\(position.index)")
    }
}

extension API {
    /// The revision that a slice must have before it is changed: what `if-revision` says, or the current one if that
    /// is what `If-Match` and `If-None-Match` ask for.
    func expectedRevision(
        _ request: Request, at position: SlicePosition, of volume: VolumeRecord, in project: ProjectRecord
    ) async throws -> Int64? {
        let revision = try request.revision("if-revision")
        guard request.isConditional else { return revision }
        let record = try await store.currentAnnotations(volume: volume.id).first { $0.position == position }
        try request.demand(
            record.map { record in AnnotationRoutes.formats.map { Self.tag(of: record, as: $0, in: project) } } ?? [],
            of: "the annotation of \(position)")
        return revision ?? record?.revision ?? 0
    }
}

extension Request {
    /// Runs a change of a slice; where `If-Match` or `If-None-Match` alone asks for its revision, another one is no
    /// conflict but a precondition that failed.
    func heedingMatch<Value>(_ change: () async throws -> Value) async throws -> Value {
        do {
            return try await change()
        } catch StoreError.conflict(let reason) where isConditional && head.query.first("if-revision") == nil {
            throw HTTPError(412, reason)
        }
    }
}

extension VolumeRecord {
    /// The path of the current annotation of a slice.
    func path(_ project: ProjectRecord, _ annotation: AnnotationRecord) -> String {
        "/v1/projects/\(project.name)/volumes/\(name)/annotations/\(annotation.axis.rawValue)/\(annotation.index)"
    }
}
