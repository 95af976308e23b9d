package import Foundation
internal import JSON

/// A reply: its head and its body.
package struct Response: Sendable {
    package var status: Int
    package var headers: Headers
    package var body: ResponseBody

    package init(status: Int = 200, headers: Headers = [:], body: ResponseBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// JSON with sorted keys and ISO 8601 dates.
    package static func json(_ value: some Encodable, status: Int = 200, headers: Headers = [:]) throws -> Response {
        .bytes(
            Array(try JSONText.encode(value).utf8), contentType: "application/json", status: status, headers: headers)
    }

    package static func text(_ text: String, status: Int = 200) -> Response {
        .bytes(Array(text.utf8), contentType: "text/plain; charset=utf-8", status: status)
    }

    /// Bytes of a media type; with an entity tag (unquoted), conditional requests are answered.
    package static func bytes(
        _ bytes: [UInt8], contentType: String, etag: String? = nil, status: Int = 200, headers: Headers = [:]
    ) -> Response {
        var response = Response(status: status, headers: headers, body: .bytes(bytes))
        response.describe(contentType: contentType, etag: etag, filename: nil)
        return response
    }

    package static var noContent: Response { Response(status: 204) }

    /// A file, opened now: it stays readable if it is replaced or removed before it is sent.
    ///
    /// - Parameters:
    ///   - etag: Unquoted. With it, conditional and range requests are answered.
    ///   - delete: Removes the file after the reply was sent or failed.
    ///   - filename: The name under which browsers and `curl -OJ` save it.
    package static func file(
        _ url: URL, contentType: String, etag: String? = nil, delete: Bool = false, filename: String? = nil
    ) throws -> Response {
        var response = Response(body: .file(try FileBody(url, delete: delete)))
        response.describe(contentType: contentType, etag: etag, filename: filename)
        return response
    }

    /// A stream, sent chunk by chunk.
    package static func stream(_ body: StreamBody, contentType: String) -> Response {
        var response = Response(body: .stream(body))
        response.describe(contentType: contentType, etag: nil, filename: nil)
        return response
    }

    /// Adds a line end to text in memory that has none, so that what follows it on a terminal begins a line.
    package mutating func endLine() {
        guard case .bytes(var bytes) = body, headers["Content-Encoding"] == nil,
            let type = headers["Content-Type"]?.prefix(while: { $0 != ";" }),
            type.hasPrefix("text/") || type.hasSuffix("json") || type.hasSuffix("xml"),
            bytes.last != UInt8(ascii: "\n")
        else { return }
        bytes.append(UInt8(ascii: "\n"))
        body = .bytes(bytes)
    }

    private mutating func describe(contentType: String, etag: String?, filename: String?) {
        headers["Content-Type"] = contentType
        if let etag { entityTag = EntityTag(etag) }
        if let filename {
            let plain = filename.map { "\"\\/".contains($0) ? "_" : $0 }
            headers["Content-Disposition"] = "attachment; filename=\"\(String(plain))\""
        }
    }
}
