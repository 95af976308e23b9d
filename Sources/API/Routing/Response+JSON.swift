internal import HTTP
internal import JSON

extension Response {
    /// An answer in JSON, its members in the order they were written.
    static func json(_ value: JSONValue, status: Int = 200, headers: Headers = [:]) -> Response {
        .bytes(Array(value.text.utf8), contentType: "application/json", status: status, headers: headers)
    }

    /// 201 with the path of what is new.
    static func created(_ value: JSONValue, at location: String) -> Response {
        .json(value, status: 201, headers: ["Location": location])
    }

    /// What is sent to a client that has it already.
    static func unchanged(tag: String) -> Response {
        Response(status: 304, headers: ["ETag": EntityTag(tag).description])
    }
}
