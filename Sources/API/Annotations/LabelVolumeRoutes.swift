internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Upload and download of all annotations of a volume as one sparse label volume.
struct LabelVolumeRoutes: Sendable {
    let api: API

    private static let volume = "/v1/projects/{project}/volumes/{volume}"
    /// Query parameters of a single slice's call.
    private static let misplaced: Set<String> = ["axis", "index", "region", "if-revision"]
    /// How often a comparison is made anew when others annotate meanwhile.
    private static let attempts = 3

    var endpoints: [Endpoint] {
        var put = putting
        put.misplaced = Self.misplaced
        return [put.conditional, getting]
    }

    private var putting: Endpoint {
        Endpoint(
            .put, "\(Self.volume)/annotations", "Make the annotations say what a sparse label volume says.",
            role: .annotator,
            query: [
                .text("values", AnnotationRoutes.valuesMeaning), .text("author", AnnotationRoutes.authorMeaning),
                .text("axes", "The order of the axes of an NPY, HDF5, Zarr or TIFF"),
                .text("dataset", "The dataset, or group, of an HDF5 file or OME-Zarr that has several"),
                .integer("time", "The time point of an OME-Zarr, the first being 0"),
                .flag("ignore-place", "Take voxels as they are stored, wherever the file says that they lie"),
                .flag("dry-run", "Only tell what would be changed"),
            ],
            policy: .file(limit: api.settings.uploadLimit, folder: api.uploads),
            content: [.binary("application/octet-stream")],
            answers: [
                .init(201, "The slices that were changed", .json("AnnotationsPosted")),
                .init(200, "Nothing was, or would be, changed", .json("AnnotationsPosted")),
            ], answer: put)
    }

    private var getting: Endpoint {
        Endpoint(
            .get, "\(Self.volume)/labels", "All annotations merged, 255 where unlabeled.",
            query: [API.formatParameter], answers: [API.file("The labels, uint8")], answer: get)
    }

    private func put(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        if Self.misplaced.contains(where: { request.query.first($0) != nil }) {
            throw HTTPError.malformed(
                "PUT …/annotations (curl -T) takes a label volume, all slices at once; a single slice is posted: "
                    + "curl --data-binary @FILE \"…/annotations?axis=z&index=31\"")
        }
        let file = try request.uploadedFile("the label volume")
        let hints = try VolumeHints(request)
        let (author, isTrial) = (try request.author(), try request.query.flag("dry-run") ?? false)
        let mapping = try ClassMapping(classes: project.classes, values: request.query.first("values"))
        for _ in 0..<Self.attempts {
            let current = try await api.store.currentAnnotations(volume: volume.id)
            try request.demand(api.tags(of: current, of: volume, in: project), of: "the annotations of \(volume.name)")
            let comparison = LabelComparison(api: api, volume: volume, current: current, mapping: mapping)
            let found = try await api.work.run(explaining: request) { try comparison.compare(file, hints: hints) }
            let change = try await api.store.changeAnnotations(
                volume: volume.id, found.slices, basis: current.map(\.revision), author: author, isTrial: isTrial)
            guard let change else { continue }
            let answer = JSONValue(change, found, isTrial: isTrial, classes: project.classes)
            guard !isTrial, change.number != nil else { return .json(answer) }
            return .created(answer, at: "/v1/projects/\(project.name)/volumes/\(volume.name)/labels")
        }
        throw HTTPError.conflict("others annotated the volume \(volume.name) during the upload; send it once more")
    }

    private func get(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let current = try await api.store.currentAnnotations(volume: volume.id)
        let store = api.store
        return try await api.export(
            request, identity: current.identity(of: volume), of: volume, name: "\(volume.name)-labels",
            look: api.look(of: project)
        ) {
            try store.labels(of: volume, at: current)
        }
    }
}
