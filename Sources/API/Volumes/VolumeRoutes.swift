internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Volumes: the images of a project.
struct VolumeRoutes: Sendable {
    let api: API

    private static let one = "/v1/projects/{project}/volumes/{volume}"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes", "The volumes of a project, by name.",
                answers: [.init(200, "The volumes", .list(of: "Volume"))], answer: list),
            putting.conditional,
            Endpoint(
                .get, Self.one, "One volume.", answers: [.init(200, "The volume", .json("Volume"))]
            ) { request in
                let volume = try await api.volume(request).volume
                return .tagged(JSONValue(volume, ready: try await ready(volume)))
            }.tagged,
            Endpoint(
                .delete, Self.one, "Remove a volume with its annotations, truth and predictions.", role: .admin,
                answers: [.init(204, "It was removed")]
            ) { request in
                let (project, volume) = try await api.volume(request)
                try request.demand(volume.tags, of: "the volume \(volume.name)")
                try await api.store.deleteVolume(project: project.id, name: volume.name) {
                    try request.demand($0.tags, of: "the volume \(volume.name)")
                }
                await api.exports.remove([.volume(volume.id)])
                return .noContent
            }.conditional,
            Endpoint(
                .get, "\(Self.one)/image", "Download the voxels.", query: [API.formatParameter],
                answers: [API.file("The image")], answer: image),
        ]
    }

    private var putting: Endpoint {
        var endpoint = Endpoint(
            .put, Self.one, "Upload an image file, recognised by its content.", role: .trainer,
            query: [
                .text("spacing", "The spacing z,y,x, whatever the file says"),
                .text("unit", "The unit of the spacing, whatever the file says"),
                .text("axes", "The order of the axes of an NPY, HDF5, Zarr or TIFF, such as czyx"),
                .text(
                    "dataset",
                    "The dataset, or group, of an HDF5 file or OME-Zarr that has several, or the UID of a series of DICOM"
                ),
                .integer("level", "The resolution of an OME-Zarr, the finest being 0"),
                .integer("time", "The time point of an OME-Zarr, the first being 0"),
                .text(
                    "from",
                    "A file or an OME-Zarr of the server's machine, or the address of an OME-Zarr, that is taken instead of a body; for admins"
                ),
                .flag("replace", "Replace other content"),
                .flag("dry-run", "Only tell what the file is understood as, and store nothing"),
            ],
            policy: .file(limit: api.settings.uploadLimit, folder: api.uploads),
            content: [.binary("application/octet-stream")],
            answers: [
                .init(201, "It was stored", .json("Volume")),
                .init(
                    200, "The same content existed, or other content was replaced, or nothing was to be stored",
                    .json("Volume")),
            ], answer: put
        )
        // It may be named by from= instead.
        endpoint.isBodyOptional = true
        endpoint.furtherErrors = [502]
        return endpoint
    }

    private func list(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let volumes = try await api.store.volumes(project: project.id)
        let levels = try await api.store.levels(of: volumes.map(\.image))
        return .json(.array(volumes.map { JSONValue($0, ready: levels[$0.image]?.count ?? 1) }))
    }

    /// How many levels of the image are there.
    private func ready(_ volume: VolumeRecord) async throws -> Int {
        try await api.store.levels(of: [volume.image])[volume.image]?.count ?? 1
    }

    private func put(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let name = try Name.checked(request.parameter("volume"), of: "volume", field: "volume")
        let file = try imageFile(request)
        let hints = try VolumeHints(request)
        let replace = try request.query.flag("replace") ?? false
        let known = try await api.store.volumes(project: project.id).first { $0.name == name }
        try request.demand(known?.tags ?? [], of: "the volume \(name)")
        let importer = VolumeImport(
            store: api.store, scratch: api.scratch, limit: api.settings.volumeLimit,
            fileLimit: api.settings.uploadLimit)
        let work = file.isElsewhere ? api.fetching : api.work
        if try request.query.flag("dry-run") ?? false {
            let reading = try await work.run(explaining: request) {
                try importer.reading(file, hints: hints, known: known, replace: replace)
            }
            let change = try await api.store.volumeChange(
                project: project.id, name: name, header: reading.header, sha256: reading.sha256, replace: replace)
            return .json(reading.json(name, change, known: known))
        }
        let image = try await work.run(explaining: request) {
            try importer.image(file, hints: hints, known: known, replace: replace)
        }
        guard let image else {
            guard let known else { return .json(.null) }
            return .json(JSONValue(known, ready: try await ready(known)))
        }
        let (volume, change) = try await api.store.putVolume(
            project: project.id, name: name, grid: image.grid, statistics: image.statistics, sha256: image.sha256,
            bytes: image.bytes, replace: replace
        ) { try request.demand($0?.tags ?? [], of: "the volume \(name)") }
        if change == .replaced { await api.exports.remove([.volume(volume.id)]) }
        let place = "/v1/projects/\(project.name)/volumes/\(name)"
        let description = JSONValue(volume, ready: change == .same ? try await ready(volume) : 1)
        return change == .created ? .created(description, at: place) : .json(description)
    }

    /// What was sent, or what `from=` names.
    private func imageFile(_ request: Request) throws -> ImageFile {
        guard let path = request.query.text("from") else {
            return ImageFile(try request.uploadedFile("the image file itself"))
        }
        // It shows what lies on the machine to whoever may ask.
        try request.client?.demand(.admin, in: try request.parameter("project"))
        guard request.body.count == 0 else {
            throw HTTPError.malformed(
                "from= names what is taken instead of a body; send no body with it", field: "from")
        }
        return try ImportRoots(api.settings.importRoots, pauses: api.settings.importPauses).file(path)
    }

    private func image(_ request: Request) async throws -> Response {
        let (_, volume) = try await api.volume(request)
        let store = api.store
        return try await api.export(
            request, identity: ["image", volume.identity], of: volume, name: volume.name
        ) {
            try store.source(grid: volume.image, cacheBytes: 0)
        }
    }
}

extension Request {
    /// The body as a file; refuses an empty body and forms.
    func uploadedFile(_ what: String) throws(HTTPError) -> UploadedFile {
        if head.contentType?.hasPrefix("multipart/") == true {
            throw HTTPError(
                415, "the body is a form; send \(what) as the body: curl -T FILE, or --data-binary @FILE with -X PUT")
        }
        guard case .file(let file) = body, file.count > 0 else {
            throw .malformed("the body is empty; send \(what) as the body: curl -T FILE", field: "body")
        }
        return file
    }
}

extension VolumeRecord {
    /// Changes whenever the voxels or the grid do; stored grids are never reused for other voxels.
    var identity: String { "\(image) \(sha256) \(created.timeIntervalSince1970)" }

    /// The entity tags of its description, whichever of its levels are there, and of its image in all formats.
    var tags: [String] {
        let levels = Pyramid(of: header).levels.count
        return (1...levels).map { JSONValue(self, ready: $0).tag } + API.tags(of: ["image", identity])
    }
}
