internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The dense ground truth of a volume: used by reports, never by training.
struct TruthRoutes: Sendable {
    let api: API

    private static let path = "/v1/projects/{project}/volumes/{volume}/truth"

    var endpoints: [Endpoint] {
        all.map { $0.method == .get ? $0 : $0.conditional }
    }

    private var all: [Endpoint] {
        [
            Endpoint(
                .put, Self.path, "Set the dense truth: a label volume on the volume's own grid.", role: .trainer,
                query: [
                    .text("values", AnnotationRoutes.valuesMeaning),
                    .text("axes", "The order of the axes of an NPY, HDF5, Zarr or TIFF"),
                    .text("dataset", "The dataset, or group, of an HDF5 file or OME-Zarr that has several"),
                    .integer("time", "The time point of an OME-Zarr, the first being 0"),
                    .flag("ignore-place", "Take voxels as they are stored, wherever the file says that they lie"),
                ],
                policy: .file(limit: api.settings.uploadLimit, folder: api.uploads),
                content: [.binary("application/octet-stream")],
                answers: [
                    .init(201, "It was set", .json("Truth")), .init(200, "It was replaced", .json("Truth")),
                ], answer: put),
            Endpoint(
                .get, Self.path, "Download the dense truth.", query: [API.formatParameter],
                answers: [API.file("The truth, uint8")], answer: get),
            Endpoint(
                .delete, Self.path, "Remove the dense truth.", role: .trainer, answers: [.init(204, "It was removed")]
            ) { request in
                let (project, volume) = try await api.volume(request)
                try request.demand(tags(of: volume, in: project), of: "the truth of \(volume.name)")
                _ = try api.truth(of: volume)
                try await api.store.setTruth(volume: volume.id, grid: nil) { found in
                    try request.demand(tags(of: found, in: project), of: "the truth of \(volume.name)")
                }
                return .noContent
            },
        ]
    }

    private func put(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        try request.demand(tags(of: volume, in: project), of: "the truth of \(volume.name)")
        let file = try request.uploadedFile("the label volume")
        let hints = try VolumeHints(request)
        let mapping = try ClassMapping(classes: project.classes, values: request.query.first("values"))
        let importer = VolumeImport(store: api.store, scratch: api.scratch, limit: api.settings.volumeLimit)
        let store = api.store
        let (grid, labels) = try await api.work.run(explaining: request) {
            let labels = try importer.labels(file, hints: hints, of: volume, mapping)
            if let doubt = labels.doubt { throw doubt }
            // Stored on the volume's own grid, in whose order the labels come.
            let writer = try store.makeGrid(
                header: volume.header.with(element: .uint8), fill: AnnotatedSlice.unlabeled)
            try writer.write(labels.source)
            return (try writer.finish(), labels)
        }
        let (_, old) = try await store.setTruth(volume: volume.id, grid: grid) { found in
            try request.demand(tags(of: found, in: project), of: "the truth of \(volume.name)")
        }
        let answer: JSONValue = [
            "name": .string(volume.name), "voxels": .voxels(labels.counts, classes: project.classes),
            "unlabeled": .integer(labels.unlabeled), "outside": .integer(labels.outside),
        ]
        let place = "/v1/projects/\(project.name)/volumes/\(volume.name)/truth"
        return old.truth == nil ? .created(answer, at: place) : .json(answer)
    }

    private func get(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let grid = try api.truth(of: volume)
        let store = api.store
        return try await api.export(
            request, identity: identity(of: grid, volume), of: volume, name: "\(volume.name)-truth",
            look: api.look(of: project)
        ) {
            try store.source(grid: grid, cacheBytes: 0)
        }
    }

    private func identity(of grid: VoxelGridID, _ volume: VolumeRecord) -> [String] {
        ["truth", "\(grid)", volume.identity]
    }

    private func tags(of volume: VolumeRecord, in project: ProjectRecord) -> [String] {
        volume.truth.map { API.tags(of: identity(of: $0, volume), look: api.look(of: project)) } ?? []
    }
}

extension API {
    /// The truth of a volume; throws 404 if it has none.
    func truth(of volume: VolumeRecord) throws(HTTPError) -> VoxelGridID {
        guard let grid = volume.truth else {
            throw .notFound("the volume \(volume.name) has no truth; PUT a label volume to its …/truth to set one")
        }
        return grid
    }
}
