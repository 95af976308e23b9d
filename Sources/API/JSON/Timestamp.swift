internal import Foundation

extension JSON {
    /// A time as ISO 8601 in UTC to the millisecond, `2026-01-31T12:00:00.000Z`.
    static func time(_ date: Date) -> JSON {
        .string(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }

    /// A time, or null.
    static func time(_ date: Date?) -> JSON { date.map { JSON.time($0) } ?? .null }
}
