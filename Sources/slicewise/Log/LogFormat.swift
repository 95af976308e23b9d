internal import JSON

/// How a line of the log is written.
package enum LogFormat: String, CaseIterable, Hashable, Sendable {
    /// logfmt: `time=… level=info msg=request method=GET path=/ status=200`.
    case text
    /// A JSON object.
    case json

    /// One line without its line break; values are quoted or escaped if needed.
    package func line(_ fields: [(name: String, value: String)]) -> String {
        switch self {
        case .text:
            fields.map { "\($0.name)=\(LogFormat.isPlain($0.value) ? $0.value : LogFormat.quoted($0.value))" }
                .joined(separator: " ")
        case .json:
            "{" + fields.map { "\(LogFormat.quoted($0.name)):\(LogFormat.json($0))" }.joined(separator: ",") + "}"
        }
    }

    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty
            && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && $0 != "\"" && $0 != "=" }
    }

    /// A value as JSON; its type depends on the field's name alone, so an id that looks like a number is a string.
    private static func json(_ field: (name: String, value: String)) -> String {
        let isNumber = numbers.contains(field.name) && Double(field.value)?.isFinite == true
        return isNumber ? field.value : quoted(field.value)
    }

    private static let numbers: Set<String> = ["status", "bytes", "received", "ms", "count"]

    /// As a JSON string, without what could move a terminal's cursor or end a line.
    private static func quoted(_ value: String) -> String {
        var text = ""
        JSONValue.quote(value, into: &text) {
            (0x7F..<0xA0).contains($0.value) || $0 == "\u{2028}" || $0 == "\u{2029}"
        }
        return text
    }
}
