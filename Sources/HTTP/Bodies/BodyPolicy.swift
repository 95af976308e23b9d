package import Foundation

/// The request body that a route accepts.
///
/// Limits are in bytes; more is refused with 413.
package enum BodyPolicy: Sendable {
    /// No body; a small one is read and dropped.
    case none
    /// Handlers receive `.bytes`.
    case memory(limit: Int)
    /// Handlers receive `.file`, written into the folder while it arrives.
    case file(limit: Int, folder: URL)

    /// The largest accepted body, in bytes.
    var limit: Int {
        switch self {
        case .none: BodyPolicy.ignored
        case .memory(let limit), .file(let limit, _): limit
        }
    }

    /// Unwanted bodies up to this many bytes are read and dropped, so that the connection can be used again.
    static let ignored = 65_536
}
