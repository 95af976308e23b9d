internal import Text

/// Conditional and range requests, for tagged replies and files of status 200 (RFC 9110, 13 and 14).
///
/// What comes as a stream or is packed for the way has no parts.
package enum Conditional {
    /// The reply as the request's `If-None-Match`, `Range` and `If-Range` ask for it.
    package static func apply(to response: Response, for request: Request) -> Response {
        let isHead = request.method == Method.head.rawValue
        guard response.status == 200, isHead || request.method == Method.get.rawValue else { return response }
        let etag = response.headers["ETag"]
        var response = response
        if let etag, matches(request.headers.all("If-None-Match"), etag) {
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
        case .bytes(let bytes) where etag != nil: size = bytes.count
        case .file(let file): size = file.range.count
        case .bytes, .empty, .stream: return response
        }
        response.headers["Accept-Ranges"] = "bytes"
        guard !isHead, isCurrent(request.headers["If-Range"], etag) else { return response }
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
                    416, "The range lies outside of the \(size.grouped) bytes there are.",
                    headers: ["Content-Range": "bytes */\(size)", "Accept-Ranges": "bytes"]))
        }
    }

    /// Weak comparison with any tag of a list, or `*`.
    private static func matches(_ lists: [String], _ etag: String) -> Bool {
        lists.contains { list in
            list.split(separator: ",").contains { item in
                let tag = item.trimmingSpaces
                return tag == "*" || opaque(tag) == opaque(etag[...])
            }
        }
    }

    private static func opaque(_ tag: Substring) -> Substring {
        tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
    }

    /// Strong comparison: a weak tag or a date never counts as current.
    private static func isCurrent(_ validator: String?, _ etag: String?) -> Bool {
        guard let validator else { return true }
        return validator == etag && !validator.hasPrefix("W/")
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

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
