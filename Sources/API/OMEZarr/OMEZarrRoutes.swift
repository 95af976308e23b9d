internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Volumes as OME-Zarr, which viewers and libraries read chunk by chunk from where it is.
struct OMEZarrRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        OMEZarrVersion.allCases.map { version in
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/\(version.folder)/{key}",
                "The volume as OME-Zarr \(version.rawValue): its documents and chunks.",
                answers: [Self.answer]
            ) { request in
                try await serve(version, request) { try await api.volume(request) }
            }.below
        }
    }

    static let answer = Endpoint.Answer(
        200, "A document of its metadata, or a chunk", .json("ZarrDocument"), .binary(chunkType))

    /// Not one that is packed once more on its way.
    private static let chunkType = "application/x-blosc"

    /// Answers what the path names below the OME-Zarr of a volume.
    ///
    /// To programs that read chunks, 404 means a chunk that holds nothing. One of what is not there, or not any more, is
    /// 410, that nobody takes it for empty.
    func serve(
        _ version: OMEZarrVersion, _ request: Request,
        of find: () async throws -> (project: ProjectRecord, volume: VolumeRecord)
    ) async throws -> Response {
        let text = try request.parameter("key")
        guard let key = ZarrKey(text, version) else {
            _ = try await find()
            throw HTTPError.notFound(
                (text.isEmpty ? "this is an OME-Zarr" : "an OME-Zarr has no \"\(text.prefix(80))\"")
                    + "; programs open the address that ends in \(version.folder), and begin with "
                    + "\(version.folder)/\(version.entrance)")
        }
        switch key {
        case .document(let path, let name):
            let (project, volume) = try await find()
            let node = try await node(at: path, version, request, of: volume, in: project)
            guard let document = node?.document(name, version) else {
                throw HTTPError.notFound("the volume \(volume.name) has no \(version.folder)/\(text.prefix(80))")
            }
            return .tagged(document)
        case .chunk(let place, let number, let indices):
            return try await orGone {
                let (project, volume) = try await find()
                guard let content = try await api.chunked(place, request, of: volume, in: project) else {
                    throw StoreError.notFound("\(place.rawValue) of the volume \(volume.name)")
                }
                let channel = place.isLabels ? 0 : indices[0]
                let level = try await api.zarrLevel(number, channel: channel, of: content, place, volume)
                // Those of annotations are made of slices each time.
                return try await chunk(
                    indices, of: level, number, what: place.rawValue, version: content.version,
                    isKept: place == .annotation, request)
            }
        case .objects(let name, let number, let indices):
            return try await orGone {
                let (project, volume) = try await find()
                guard let objects = try await api.zarrObjects(of: name, request, in: volume, of: project) else {
                    throw StoreError.notFound("prediction of the volume \(volume.name), or no class \(name.prefix(80))")
                }
                return try await chunk(
                    indices, of: objects.level(number), number, what: "objects", version: objects.version, request)
            }
        }
    }

    /// A group or an array of the hierarchy, or of the objects of a class, which are beside it; `nil` if there is none.
    private func node(
        at path: [String], _ version: OMEZarrVersion, _ request: Request, of volume: VolumeRecord,
        in project: ProjectRecord
    ) async throws -> ZarrTree? {
        guard path.starts(with: ZarrObjects.path), path.count > ZarrObjects.path.count else {
            return try await api.zarr(version, request, of: volume, in: project).node(at: path[...])
        }
        let rest = path.dropFirst(ZarrObjects.path.count)
        let objects = try await api.zarrObjects(of: rest.first ?? "", request, in: volume, of: project)
        return objects?.node(version).node(at: rest.dropFirst())
    }

    /// Answers with 410 where something is missing.
    private func orGone(_ answer: () async throws -> Response) async throws -> Response {
        do {
            return try await answer()
        } catch StoreError.notFound(let what) {
            throw HTTPError(410, "there is no \(what); open the OME-Zarr anew to see what there is")
        }
    }

    /// A chunk of a level, which is `nil` if there is none of this number; kept in memory if it is made with effort.
    private func chunk(
        _ indices: [Int], of level: BrickLevel?, _ number: Int, what: String, version: String, isKept: Bool = false,
        _ request: Request
    ) async throws -> Response {
        let places = Array(indices.suffix(3))
        let brick = BrickIndex(z: places[0], y: places[1], x: places[2])
        guard let level, level.grid.has(brick) else {
            throw HTTPError.notFound("there is no chunk \(indices) of level \(number) of the \(what)")
        }
        let tag = ExportCache.tag(["zarr", what, version, "\(number) \(indices) \(level.grid.edge)"])
        if request.has(tag: tag) { return .unchanged(tag: tag) }
        let work = api.drawing
        let make = { try await work.run { try level.chunk(brick) } ?? [] }
        let bytes = try await isKept ? api.pictures.picture(tag, draw: make) : make()
        guard !bytes.isEmpty else {
            throw HTTPError.notFound("this chunk holds nothing: every voxel has the array's fill value")
        }
        return .bytes(bytes, contentType: Self.chunkType, etag: tag)
    }
}

extension API {
    /// What the chunks of an image or of labels are made of; `nil` if the volume has none.
    fileprivate func chunked(
        _ place: ZarrPlace, _ request: Request, of volume: VolumeRecord, in project: ProjectRecord
    ) async throws -> BrickContent? {
        do {
            return try await brickContent(place.kind, request, of: volume, in: project)
        } catch let error as HTTPError where error.status == 404 {
            return nil
        }
    }

    /// A channel of a level, `nil` if there is none of these numbers; 503 while the level is being made.
    fileprivate func zarrLevel(
        _ number: Int, channel: Int, of content: BrickContent, _ place: ZarrPlace, _ volume: VolumeRecord
    ) async throws -> BrickLevel? {
        let levels = Pyramid(of: volume.header).levels
        guard levels.indices.contains(number) else { return nil }
        guard let grid = content.grid else {
            return BrickLevel.annotation(content.annotations, level: levels[number], of: volume, in: store).forViewers
        }
        guard let stored = try await zarrLevels.bricks(of: grid, level: number) else {
            throw HTTPError(
                503, "level \(number) of the \(place.rawValue) is being made", headers: ["Retry-After": "1"])
        }
        switch place {
        case .uncertainty: return channel == 0 ? .uncertainty(stored, in: store) : nil
        case .image, .probability:
            return channel < stored.header.channels ? .stored(stored, channel: channel) : nil
        case .annotation, .prediction, .truth: return BrickLevel.stored(stored, channel: 0).forViewers
        }
    }
}
