package import Foundation

/// What a route takes as a body.
///
/// Limits are in bytes; more is refused with 413.
package enum BodyPolicy: Sendable {
    /// None is wanted; a small one is read and dropped.
    case none
    /// Handlers get `.bytes`.
    case memory(limit: Int)
    /// Handlers get `.file`, streamed into the folder while it arrives.
    case file(limit: Int, folder: URL)

    /// The most bytes that are taken.
    var limit: Int {
        switch self {
        case .none: BodyPolicy.ignored
        case .memory(let limit), .file(let limit, _): limit
        }
    }

    /// Unwanted bodies up to this many bytes are read and dropped, so that the connection can be used again.
    static let ignored = 65_536
}
