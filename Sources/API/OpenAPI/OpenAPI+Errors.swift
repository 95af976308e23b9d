internal import JSON

extension OpenAPI {
    /// The error answers by status, shared by all calls.
    static let errors: JSONValue = .object(
        JSONObject([
            error(400, "The request is malformed: its path, query, body, or a parameter that is unknown"),
            error(401, "A token is needed, or the one sent is not valid", header: "WWW-Authenticate"),
            error(403, "The token may not do this, or the page that asks may not"),
            error(404, "Something that the path or the query names does not exist"),
            error(409, "It contradicts existing data"),
            error(410, "It is gone, or the link to it: an expired one, a revoked one, or one to what was removed"),
            error(412, "It is not in the state that If-Match or If-None-Match asks for"),
            error(413, "The body is too large, as sent or decompressed"),
            error(415, "The body is in no known format"),
            error(416, "The range is outside the file", header: "Content-Range"),
            error(422, "Well formed, but wrong: a value out of range, an invalid name, a job that can't fit"),
            error(429, "Too many wrong tokens came from this address", header: "Retry-After"),
            error(502, "Another server did not give what it was asked for", header: "Retry-After"),
            error(503, "The server is stopping or can't work now", header: "Retry-After"),
            error(507, "The server's disk has no space left; nothing of the call was stored"),
        ]))

    private static let meanings = [
        "WWW-Authenticate": "How to send a token",
        "Content-Range": "The size of the file, as bytes */SIZE",
        "Retry-After": "Seconds after which it is worth trying again",
    ]

    private static func error(_ status: Int, _ description: String, header: String? = nil) -> JSONObject.Member {
        var members: JSONObject = ["description": .string(description)]
        if let header {
            let value: JSONValue = ["description": .string(meanings[header] ?? header), "schema": ["type": "string"]]
            members["headers"] = .object(JSONObject([.init(name: header, value: value)]))
        }
        members["content"] = ["application/problem+json": ["schema": reference("Problem")]]
        return .init(name: String(status), value: .object(members))
    }
}
