internal import Foundation
internal import Logging

/// Writes the log, one line for each event.
struct LineLog: LogHandler {
    let format: LogFormat
    let writer: LogWriter
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
        var fields = Self.beginning(event.level, event.message.description)
        for name in known + others { fields.append((name: name, value: values[name]?.description ?? "")) }
        writer.write(format.line(fields))
    }

    /// A writer to standard error.
    static func standardError(_ format: LogFormat) -> LogWriter {
        LogWriter(descriptor: STDERR_FILENO) { dropped in
            format.line(
                beginning(.warning, "lines of the log were dropped, as nobody read them")
                    + [(name: "count", value: "\(dropped)")])
        }
    }

    private static func beginning(_ level: Logger.Level, _ message: String) -> [(name: String, value: String)] {
        [
            (name: "time", value: Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))),
            (name: "level", value: level.rawValue), (name: "msg", value: message),
        ]
    }
}
