internal import HTTP
internal import Volumes

/// Compresses answers for clients that accept it (RFC 9110, 8.4 and 12.5.3).
///
/// Compressed formats, parts of files and small answers are sent unchanged.
enum Compression {
    private static let types: Set<String> = [
        "application/json", "application/octet-stream", "application/x-npy", "image/tiff", "image/svg+xml",
    ]
    /// The smallest size in bytes that is worth compressing.
    private static let least = 1024
    private static let piece = 262_144

    @Sendable static func pack(
        _ request: Request, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        try apply(to: try await next(request), for: request)
    }

    static func apply(to response: Response, for request: Request) throws -> Response {
        if response.status == 304 { return named(response, for: request) }
        guard response.status == 200, isPackable(response) else { return response }
        var response = response
        response.headers.add("Vary", "Accept-Encoding")
        guard let coding = coding(for: request.head), let count = response.body.count, count >= least else {
            return response
        }
        response.body = try packed(response.body, coding)
        response.headers["Content-Encoding"] = coding.rawValue
        response.entityTag = response.entityTag.map { tag($0, coding) }
        return response
    }

    /// The coding that the client prefers, zstd before gzip; `nil` for none, and for a part of a file.
    static func coding(for head: RequestHead) -> ContentCoding? {
        guard head.headers["Range"] == nil else { return nil }
        var weights: [String: Double] = [:]
        for item in head.headers.all("Accept-Encoding").flatMap({ $0.split(separator: ",") }) {
            let parts = item.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard let name = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
            weights[name] = weight ?? 1
        }
        let known = ContentCoding.allCases.map { ($0, weights[$0.rawValue] ?? weights["*"] ?? 0) }
        guard let best = known.map(\.1).max(), best > 0, best >= weights["identity"] ?? 0 else { return nil }
        return known.first { $0.1 == best }?.0
    }

    /// The entity tag of the compressed answer.
    static func tag(_ tag: EntityTag, _ coding: ContentCoding) -> EntityTag {
        var tag = tag
        tag.opaque += "-\(coding.rawValue)"
        return tag
    }

    private static func isPackable(_ response: Response) -> Bool {
        guard let type = response.headers["Content-Type"], response.headers["Content-Encoding"] == nil else {
            return false
        }
        let bare = String(type.prefix { $0 != ";" })
        if case .stream = response.body { return false }
        return types.contains(bare) || (bare.hasPrefix("text/") && bare != "text/event-stream")
    }

    /// The 304 answer if the client has the compressed representation, with its tag.
    private static func named(_ response: Response, for request: Request) -> Response {
        guard let plain = response.entityTag, let coding = coding(for: request.head) else { return response }
        var response = response
        response.headers.add("Vary", "Accept-Encoding")
        let (known, packed) = (request.head.knownTags, tag(plain, coding))
        if !known.contains(plain), known.contains(packed) { response.entityTag = packed }
        return response
    }

    private static func packed(_ body: ResponseBody, _ coding: ContentCoding) throws -> ResponseBody {
        switch body {
        case .bytes(let bytes): return .bytes(try StreamPacker(coding).pack(bytes, isLast: true))
        case .file(let file):
            return .stream(
                StreamBody { writer in
                    let packer = try StreamPacker(coding)
                    var place = file.range.lowerBound
                    while place < file.range.upperBound {
                        let end = min(place + piece, file.range.upperBound)
                        let bytes = try file.bytes(in: place..<end)
                        guard bytes.count == end - place else { throw CancellationError() }
                        try await writer.write(try packer.pack(bytes, isLast: end == file.range.upperBound))
                        place = end
                    }
                })
        case .empty, .stream: return body
        }
    }
}
