package import Foundation

/// The request body that a route accepts.
///
/// Limits are in bytes; more is refused with 413.
package enum BodyPolicy: Sendable {
    /// No body; a small one is read and dropped.
    case none
    /// Handlers receive `.bytes`; with a folder, a body of more than a megabyte is written into a file there while it
    /// arrives, and handlers receive that.
    case memory(limit: Int, spool: URL? = nil)
    /// Handlers receive `.file`, written into the folder while it arrives.
    case file(limit: Int, folder: URL)

    /// The largest accepted body, in bytes.
    var limit: Int {
        switch self {
        case .none: BodyPolicy.ignored
        case .memory(let limit, _), .file(let limit, _): limit
        }
    }

    /// The longest body that is held in memory while it arrives.
    var mostInMemory: Int {
        switch self {
        case .none, .file: 0
        case .memory(let limit, let spool): spool == nil ? limit : min(limit, 1 << 20)
        }
    }

    /// Unwanted bodies up to this many bytes are read and dropped, so that the connection can be used again.
    static let ignored = 65_536
}
