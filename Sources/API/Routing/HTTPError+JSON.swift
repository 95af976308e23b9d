internal import HTTP
internal import JSON

extension HTTPError {
    /// JSON that is well formed, but wrong.
    init(_ error: JSONError) { self = .invalid(error.description, field: error.field) }
}
