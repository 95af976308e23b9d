/// Comma-separated values (RFC 4180), each record on a line that ends with a line feed.
package enum CSV {
    package static func text(_ rows: [[String]]) -> String {
        rows.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
    }

    /// A number with all its digits; empty for `nil`.
    package static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

    /// Text that programs for tables would compute has an apostrophe before it, as OWASP says against CSV injection.
    private static func field(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        let text = isFormula && Double(text) == nil ? "'" + text : text
        // Scalars, as accents may follow a comma.
        guard text.unicodeScalars.contains(where: { "\",\n\r".unicodeScalars.contains($0) }) else { return text }
        var quoted = "\"".unicodeScalars
        for scalar in text.unicodeScalars { quoted.append(contentsOf: scalar == "\"" ? [scalar, scalar] : [scalar]) }
        quoted.append("\"")
        return String(quoted)
    }
}
