internal import Foundation
internal import Logging

/// Writes the log to standard error, one line for each event.
struct LineLog: LogHandler {
    let format: LogFormat
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()

    /// Fields that come first, in this order; the others follow by name.
    private static let order = [
        "request", "peer", "token", "method", "path", "status", "bytes", "ms",
    ]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { $1 }
        let known = Self.order.filter { values[$0] != nil }
        let others = values.keys.filter { !Self.order.contains($0) }.sorted()
        var fields = [
            (name: "time", value: Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))),
            (name: "level", value: event.level.rawValue), (name: "msg", value: event.message.description),
        ]
        for name in known + others { fields.append((name: name, value: values[name]?.description ?? "")) }
        // One call for each line, so that lines of several threads don't mix.
        try? FileHandle.standardError.write(contentsOf: Data((format.line(fields) + "\n").utf8))
    }
}
