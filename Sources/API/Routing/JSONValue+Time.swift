internal import Foundation
internal import JSON

extension JSONValue {
    /// A time as ISO 8601 in UTC to the millisecond, `2026-01-31T12:00:00.000Z`.
    static func time(_ date: Date) -> JSONValue {
        .string(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }

    /// A time, or null.
    static func time(_ date: Date?) -> JSONValue { date.map { JSONValue.time($0) } ?? .null }
}
