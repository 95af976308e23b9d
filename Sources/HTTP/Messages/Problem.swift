internal import JSON

/// The body of an error reply (RFC 9457).
struct Problem: Encodable {
    var type = "about:blank"
    var title: String
    var status: Int
    var detail: String
    var field: String?
}

extension Response {
    /// The `application/problem+json` reply that an error becomes.
    package init(_ error: HTTPError) {
        let problem = Problem(
            title: Status.title(error.status), status: error.status, detail: error.detail, field: error.field)
        let bytes = (try? JSONText.encode(problem)).map { Array($0.utf8) } ?? []
        self = .bytes(
            bytes, contentType: "application/problem+json", status: error.status, headers: error.headers)
        endLine()
    }
}
