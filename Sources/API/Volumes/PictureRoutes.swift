internal import HTTP
internal import Store
internal import Volumes

/// Pictures of a volume's slices, optionally with an overlay of labels or uncertainty.
struct PictureRoutes: Sendable {
    let api: API

    private static let overlays = ["annotation", "prediction", "uncertainty"]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/slices/{axis}/{index}", "A slice as a PNG to look at.",
                query: [
                    .text("channel", "One channel, or up to three as colours: 0,1,2; all of up to three by default"),
                    .text("window", "lo,hi: the intensities shown black and white; 1st to 99th percentile by default"),
                    .choice("overlay", Self.overlays, "What is drawn over the slice"),
                    .number("alpha", "The opacity of the overlay, 0 to 1; 0.4 by default"),
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
        let overlay = try await overlay(request, position, of: volume, in: project)
        let tag = ExportCache.tag(
            [
                "picture", volume.identity, "\(position.axis.rawValue)\(position.index)", "\(renderer.channels)",
                "\(renderer.windows)",
            ]
                + (overlay.map { ["\(renderer.alpha)"] + $0.identity } ?? []))
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

    /// An overlay of a picture: its identity, and the function that makes it.
    private struct Overlay: Sendable {
        let identity: [String]
        /// The name of the model that is drawn.
        var model: String?
        let draw: @Sendable () async throws -> SliceOverlay
    }

    private func overlay(
        _ request: Request, _ position: SlicePosition, of volume: VolumeRecord, in project: ProjectRecord
    ) async throws -> Overlay? {
        let colors = project.classes.compactMap { Color(hex: $0.color) }
        guard let kind = try request.query.choice("overlay", of: Self.overlays) else { return nil }
        let names = [kind] + project.classes.map(\.color)
        switch kind {
        case "annotation":
            let current = try await api.store.currentAnnotations(volume: volume.id)
            let (store, drawing) = (api.store, api.drawing)
            return Overlay(identity: names + current.map { String($0.revision) }) {
                try await drawing.run {
                    .labels(try store.labels(of: volume).labels(slice: position), colors: colors)
                }
            }
        case "prediction":
            let prediction = try await api.predictedSlice(request, position, of: volume, in: project)
            return Overlay(identity: names + prediction.identity, model: prediction.model) {
                .labels(try await prediction.labels(), colors: colors)
            }
        default:
            let prediction = try await api.predictedSlice(request, position, of: volume, in: project)
            return Overlay(identity: names + prediction.identity, model: prediction.model) {
                .heat(try await prediction.uncertainty())
            }
        }
    }
}
