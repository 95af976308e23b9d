internal import HTTP
internal import JSON

extension Response {
    /// An answer in JSON, its members in the order they were written.
    static func json(_ value: JSONValue, status: Int = 200, headers: Headers = [:]) -> Response {
        .bytes(Array(value.text.utf8), contentType: "application/json", status: status, headers: headers)
    }

    /// The 201 answer with the path of the new resource.
    static func created(_ value: JSONValue, at location: String) -> Response {
        .json(value, status: 201, headers: ["Location": location])
    }

    /// An answer in JSON with an entity tag.
    static func tagged(_ value: JSONValue) -> Response {
        .bytes(Array(value.text.utf8), contentType: "application/json", etag: value.tag)
    }

    /// The 304 answer to a client that already has the current representation.
    static func unchanged(tag: String) -> Response {
        Response(status: 304, headers: ["ETag": EntityTag(tag).description])
    }
}

extension JSONValue {
    /// The entity tag of an answer that consists of this value.
    var tag: String { ExportCache.tag(["json", text]) }
}
