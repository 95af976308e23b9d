internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Bricks of voxels for viewers, in levels from the volume itself to a copy of it that fits into one.
struct BrickRoutes: Sendable {
    let api: API

    private static let all = "/v1/projects/{project}/volumes/{volume}/bricks"
    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, Self.all, "What of a volume can be had as bricks, in which levels.", query: [API.modelParameter],
                answers: [.init(200, "What there is", .list(of: "BrickContent"))], answer: list),
            Endpoint(
                .get, "\(Self.all)/{level}", "Bricks of a level, for viewers.",
                query: [
                    .choice("of", of: "BrickKind", "What is looked at; image by default"),
                    .integer("channel", "The channel; 0 by default"),
                    .text(
                        "box",
                        "z0,y0,x0,z1,y1,x1: voxels of the level, the last three excluded; may be given several times; all "
                            + "of the level by default"
                    ).repeated,
                    .text("version", "The content's version: the answer may then be kept for good"),
                    API.modelParameter,
                ],
                answers: [
                    .init(
                        200, "Every brick that a box touches, x fastest, box after box",
                        .binary("application/octet-stream"))
                ], answer: bricks),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        var contents: [JSONValue] = []
        for kind in BrickKind.allCases {
            do {
                let content = try await api.brickContent(kind, request, of: volume, in: project)
                let stored = try await storage(of: content)
                contents.append(JSONValue(content, edge: stored.edge, ready: stored.levels))
            } catch let error as HTTPError where error.status == 404 && kind != .image {
                continue  // The volume has none of these.
            }
        }
        return .json(.array(contents))
    }

    /// The edge of a content's bricks, and how many of its levels are there.
    private func storage(of content: BrickContent) async throws -> (edge: Int, levels: Int) {
        guard let grid = content.grid else { return (api.store.options.brickEdge, 1) }
        let edge = try await api.store.bricks(grid: grid)?.grid.edge ?? api.store.options.brickEdge
        return (edge, try await api.store.levels(of: [grid])[grid]?.count ?? 1)
    }

    private func bricks(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let kind = try request.query.choice("of", of: BrickKind.allCases.map(\.rawValue)).flatMap(BrickKind.init)
        let content = try await api.brickContent(kind ?? .image, request, of: volume, in: project)
        let version = request.query.text("version")
        if let version, version != content.version {
            throw HTTPError.notFound(
                "the \(content.kind.rawValue) of this version is not there any more; \(content.version.prefix(40)) is, see "
                    + "GET /v1/projects/\(project.name)/volumes/\(volume.name)/bricks")
        }
        let number = try level(request, of: content)
        let channel = try request.query.integer("channel", in: 0...content.channels - 1) ?? 0
        guard let level = try await api.level(number, channel: channel, of: content, volume) else {
            throw HTTPError(
                503, "level \(number) of the \(content.kind.rawValue) is being made; level 0 is there",
                headers: ["Retry-After": "1"])
        }
        let boxes = try request.boxes(in: level.grid)
        let tag = ExportCache.tag([content.version, "\(number) \(channel) \(level.grid.edge)"] + boxes.map { "\($0)" })
        var response = Response.unchanged(tag: tag)
        if !request.has(tag: tag) {
            let coding = Compression.coding(for: request.head)
            response = Response(body: try await level.body(level.grid.bricks(touching: boxes), coding, by: api.drawing))
            response.headers["Content-Type"] = "application/octet-stream"
            response.headers["Content-Encoding"] = coding?.rawValue
            response.headers.add("Vary", "Accept-Encoding")
            response.entityTag = coding.map { Compression.tag(EntityTag(tag), $0) } ?? EntityTag(tag)
        }
        if version != nil { response.headers["Cache-Control"] = "private, max-age=31536000, immutable" }
        return content.model.map { response.made(by: $0) } ?? response
    }

    private func level(_ request: Request, of content: BrickContent) throws(HTTPError) -> Int {
        let text = try request.parameter("level")
        guard let level = Int(text), content.levels.indices.contains(level) else {
            let known =
                content.levels.count == 1 ? "there is only level 0" : "the levels are 0 to \(content.levels.count - 1)"
            throw .notFound("there is no level \"\(text.prefix(40))\" of the \(content.kind.rawValue); \(known)")
        }
        return level
    }
}
