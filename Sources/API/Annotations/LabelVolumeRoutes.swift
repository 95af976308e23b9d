internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Upload and download of all annotations of a volume as one sparse label volume.
struct LabelVolumeRoutes: Sendable {
    let api: API

    private static let volume = "/v1/projects/{project}/volumes/{volume}"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .put, "\(Self.volume)/annotations", "Store a whole sparse label volume as slices.",
                role: .annotator,
                query: [
                    .text("values", "The meaning of the file's values: 0:unlabeled,1:NAME"),
                    .text("author", "Who annotated the volume"),
                    .text("axes", "The order of an NPY's or TIFF's axes"),
                    .flag("ignore-place", "Take voxels as they are stored, wherever the file says that they lie"),
                ],
                policy: .file(limit: api.settings.uploadLimit, folder: api.uploads),
                content: [.binary("application/octet-stream")],
                answers: [.init(201, "The slices that were stored", .json("AnnotationsPosted"))], answer: put),
            Endpoint(
                .get, "\(Self.volume)/labels", "All annotations merged, 255 where unlabeled.",
                query: [API.formatParameter], answers: [API.file("The labels, uint8")], answer: get),
        ]
    }

    private func put(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let file = try request.uploadedFile("the label volume")
        let hints = try VolumeHints(request)
        let author = try request.author()
        let mapping = try ClassMapping(classes: project.classes.map(\.name), values: request.query.first("values"))
        let importer = VolumeImport(store: api.store, scratch: api.scratch, limit: api.settings.volumeLimit)
        let scratch = api.scratch
        let slices = try await api.work.run {
            try importer.labels(file, hints: hints, of: volume, mapping) { labels in
                var spool = try SliceSpool(in: scratch, extent: volume.header.extent)
                try SliceSplitter.split(labels) { try spool.add($0) }
                return try spool.finish()
            }
        }
        guard !slices.entries.isEmpty else {
            throw HTTPError.invalid("every voxel of the label volume is unlabeled; at least one must be a class")
        }
        let posted = try await api.store.postAnnotations(volume: volume.id, slices, author: author)
        var counts: [Int: Int] = [:]
        for (record, _) in posted { counts.merge(record.counts, uniquingKeysWith: +) }
        return .created(
            [
                "slices": .array(
                    posted.map { JSONValue(posted: $0.record, conflicts: $0.conflicts, classes: project.classes) }),
                "voxels": .voxels(counts, classes: project.classes),
                "conflicts": .integer(posted.reduce(0) { $0 + $1.conflicts }),
            ], at: "/v1/projects/\(project.name)/volumes/\(volume.name)/labels")
    }

    private func get(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let current = try await api.store.currentAnnotations(volume: volume.id)
        let revisions = current.map { String($0.revision) }.joined(separator: " ")
        let store = api.store
        return try await api.export(
            request, identity: ["labels", volume.identity, revisions], of: volume, name: "\(volume.name)-labels",
            look: api.look(of: project)
        ) {
            try store.labels(of: volume)
        }
    }
}
