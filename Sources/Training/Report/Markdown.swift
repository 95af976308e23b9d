/// Tables in Markdown, as GitHub and most editors show them.
package enum Markdown {
    /// A table; the first `left` columns are aligned to the left, the others, of numbers, to the right.
    package static func table(_ head: [String], left: Int, _ rows: [[String]]) -> [String] {
        let rule = head.indices.map { $0 < left ? "---" : "---:" }
        return [line(head), "|\(rule.joined(separator: "|"))|"] + rows.map(line)
    }

    /// Escapes text so that it cannot end its cell.
    package static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }

    /// A number with three decimals; a dash for `nil`.
    package static func share(_ value: Double?) -> String {
        guard let value else { return "–" }
        let thousandths = Int((value * 1000).rounded())
        let digits = "\(thousandths % 1000)"
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    private static func line(_ cells: [String]) -> String { "| \(cells.map(cell).joined(separator: " | ")) |" }
}
