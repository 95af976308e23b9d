internal import Text

/// Conditional and range requests, for tagged replies and files of status 200 (RFC 9110, 13 and 14).
///
/// Streams and compressed replies have no ranges.
package enum Conditional {
    /// The reply that the request's `If-None-Match`, `Range` and `If-Range` ask for.
    package static func apply(to response: Response, for request: Request) -> Response {
        let isHead = request.method == Method.head.rawValue
        guard response.status == 200, isHead || request.method == Method.get.rawValue else { return response }
        let tag = response.entityTag
        var response = response
        if let tag, request.head.knownTags.contains(tag) {
            response.status = 304
            response.body = .empty
            response.headers["Content-Type"] = nil
            response.headers["Content-Disposition"] = nil
            response.headers["Content-Encoding"] = nil
            return response
        }
        let size: Int
        switch response.body {
        case _ where response.headers["Content-Encoding"] != nil: return response
        case .bytes(let bytes) where tag != nil: size = bytes.count
        case .file(let file): size = file.range.count
        case .bytes, .empty, .stream: return response
        }
        response.headers["Accept-Ranges"] = "bytes"
        guard !isHead, isCurrent(request.headers["If-Range"], tag) else { return response }
        switch ByteRange(request.headers["Range"], size: size) {
        case .whole: return response
        case .part(let range):
            response.status = 206
            response.headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            response.body = part(range, of: response.body)
            return response
        case .unsatisfiable:
            return Response(
                HTTPError(
                    416, "The range is outside the body of \(size.grouped) bytes.",
                    headers: ["Content-Range": "bytes */\(size)", "Accept-Ranges": "bytes"]))
        }
    }

    /// Whether the part that the client has is of the current representation; a date never counts.
    private static func isCurrent(_ validator: String?, _ tag: EntityTag?) -> Bool {
        guard let validator else { return true }
        guard let tag, let known = EntityTag(parsing: validator) else { return false }
        return known.isSame(as: tag)
    }

    private static func part(_ range: Range<Int>, of body: ResponseBody) -> ResponseBody {
        switch body {
        case .bytes(let bytes): return .bytes(Array(bytes[range]))
        case .file(var file):
            let start = file.range.lowerBound
            file.range = (start + range.lowerBound)..<(start + range.upperBound)
            return .file(file)
        case .empty, .stream: return body
        }
    }
}
