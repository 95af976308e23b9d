internal import Text

/// A request that cannot be answered as asked; becomes an `application/problem+json` reply.
package struct HTTPError: Error, Equatable, CustomStringConvertible {
    package var status: Int
    /// What was wrong and what would be right.
    package var detail: String
    /// The parameter or JSON member at fault.
    package var field: String?
    /// Sent with the reply: `Allow`, `Retry-After`, `WWW-Authenticate`.
    package var headers: Headers

    package init(_ status: Int, _ detail: String, field: String? = nil, headers: Headers = [:]) {
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = headers
    }

    package var description: String { "\(status) \(Status.title(status)): \(detail)" }
}

extension HTTPError {
    package static func malformed(_ detail: String, field: String? = nil) -> HTTPError {
        HTTPError(400, detail, field: field)
    }

    package static func notFound(_ detail: String) -> HTTPError { HTTPError(404, detail) }

    package static func conflict(_ detail: String, field: String? = nil) -> HTTPError {
        HTTPError(409, detail, field: field)
    }

    /// Well formed, but wrong.
    package static func invalid(_ detail: String, field: String? = nil) -> HTTPError {
        HTTPError(422, detail, field: field)
    }

    static func tooLarge(limit: Int) -> HTTPError {
        HTTPError(413, "The body is larger than the \(limit.grouped) bytes allowed here.")
    }

    /// As many files and connections are open as the server may have.
    package static let outOfFiles = HTTPError(
        503, "The server has as many files and connections open as it may have; try again in a moment.",
        headers: ["Retry-After": "1"])

    /// The bodies of other requests take the memory that there is for them.
    static let outOfBodyMemory = HTTPError(
        503, "The server holds as many bodies of requests in memory as it may; try again in a moment.",
        headers: ["Retry-After": "1"])

    static let closing = HTTPError(
        503, "The server is shutting down; try again in a moment.",
        headers: ["Retry-After": "5", "Connection": "close"])
}
