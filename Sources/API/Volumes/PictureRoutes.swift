internal import HTTP
internal import Store
internal import Volumes

/// Pictures of a volume's slices, optionally with an overlay of labels or uncertainty.
struct PictureRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/slices/{axis}/{index}", "A slice as a PNG to look at.",
                query: [
                    .text("channel", "One channel, or up to three as colours: 0,1,2; all of up to three by default"),
                    .text("window", "lo,hi: the intensities shown black and white; 1st to 99th percentile by default"),
                    .choice("overlay", of: "OverlayKind", "What is drawn over the slice"),
                    .text("classes", "The classes that are drawn, with commas; all but the background by default"),
                    .flag("outline", "Draw the edges of labels only"),
                    .number("alpha", "The opacity of the overlay, 0 to 1; 0.4 by default, 1 of outlines"),
                    .number("scale", "Pixels per voxel of the finer axis, in true proportions"),
                    .text("model", "The model whose prediction or uncertainty is drawn; default as for a prediction"),
                ],
                answers: [
                    .init(
                        200,
                        "The picture, a PNG under either type: octet-stream is for clients whose Accept asks for it",
                        .binary("image/png"), .binary("application/octet-stream"))
                ], answer: picture)
        ]
    }

    private func picture(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let position = try request.slice(of: volume.header.extent)
        var renderer = SliceRenderer(statistics: volume.statistics, channels: try channels(request, of: volume))
        if let window = try request.query.numbers("window", ["lo", "hi"]) {
            guard window[0] < window[1] else {
                throw HTTPError.invalid("window must be lo,hi with lo below hi", field: "window")
            }
            renderer.windows = [window[0]...window[1]]
        }
        if let alpha = try request.query.number("alpha") {
            guard (0...1).contains(alpha) else {
                throw HTTPError.invalid("alpha must be a number from 0 to 1, not \(alpha)", field: "alpha")
            }
            renderer.alpha = alpha
        }
        if let scale = try request.query.number("scale") {
            guard (1.0 / 64...64).contains(scale) else {
                throw HTTPError.invalid("scale must be a number from 1/64 to 64, not \(scale)", field: "scale")
            }
            renderer.scale = scale
        }
        let overlay = try await PictureOverlay(request, position, of: volume, in: project, api)
        if overlay?.isOutlined == true {
            renderer.isOutlined = true
            if request.query.text("alpha") == nil { renderer.alpha = 1 }
        }
        let tag = ExportCache.tag(
            [
                "picture", volume.identity, "\(position.axis.rawValue)\(position.index)", "\(renderer.channels)",
                "\(renderer.windows)", "\(renderer.scale ?? 0)",
            ]
                + (overlay.map { ["\(renderer.alpha) \(renderer.isOutlined)"] + $0.identity } ?? []))
        func named(_ response: Response) -> Response { overlay?.model.map { response.made(by: $0) } ?? response }
        if request.has(tag: tag) { return named(.unchanged(tag: tag)) }
        let bytes = try await api.pictures.picture(tag) {
            renderer.overlay = try await overlay?.draw()
            let (store, drawing) = (api.store, renderer)
            return try await api.drawing.run {
                try drawing.png(of: store.source(grid: volume.image, cacheBytes: 0), slice: position)
            }
        }
        var response = named(.bytes(bytes, contentType: Self.contentType(for: request), etag: tag))
        response.headers.add("Vary", "Accept")
        return response
    }

    /// Clients made from /openapi.json may know bytes and no pictures.
    private static func contentType(for request: Request) -> String {
        let accepted = request.headers.all("Accept").joined(separator: ",").lowercased()
        let bytes = "application/octet-stream"
        return accepted.contains(bytes) && !accepted.contains("image/") && !accepted.contains("*/*")
            ? bytes : "image/png"
    }

    private func channels(_ request: Request, of volume: VolumeRecord) throws(HTTPError) -> [Int]? {
        guard let text = request.query.text("channel") else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let channels = parts.compactMap { Int($0) }.filter { (0..<volume.header.channels).contains($0) }
        guard channels.count == parts.count, (1...3).contains(channels.count) else {
            throw .invalid(
                "channel must be one channel or up to three with commas, from 0 to \(volume.header.channels - 1), not "
                    + "\"\(text.prefix(40))\"",
                field: "channel")
        }
        return channels
    }
}
