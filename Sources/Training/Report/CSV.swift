/// Comma-separated values (RFC 4180), each record on a line that ends with a line feed.
package enum CSV {
    package static func text(_ rows: [[String]]) -> String {
        rows.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
    }

    /// A number with all its digits; empty for `nil`.
    package static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { "\",\n\r".contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
