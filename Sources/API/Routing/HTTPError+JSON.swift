internal import Foundation
internal import HTTP
internal import JSON

extension HTTPError {
    /// JSON that is well formed, but wrong.
    init(_ error: JSONError) { self = .invalid(error.description, field: error.field) }

    /// The JSON of a body; null if it is none.
    ///
    /// Throws for what says two things.
    static func json(_ body: [UInt8]) throws(HTTPError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(received: Data(body))
        } catch {
            guard error == .malformed else { throw HTTPError(error) }
            return .null
        }
    }
}
