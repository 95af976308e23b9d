/// Rows of text under headings, as columns of equal width; the first column is flush left, the others flush right.
package struct TextTable {
    private var rows: [[String]]

    package init(_ headings: [String]) {
        rows = [headings]
    }

    package mutating func add(_ row: [String]) {
        rows.append(row)
    }

    /// The table with a rule under its headings, without a trailing newline.
    package var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        var lines = rows.map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + padding : padding + row[column]
            }
            .joined(separator: "  ")
        }
        lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
        return lines.joined(separator: "\n")
    }

    /// A number with three decimals, or a few digits if it is huge, as the loss of a training that diverges; a dash for
    /// `nil`.
    package static func share(_ value: Double?) -> String {
        guard let value else { return "–" }
        guard (0..<1e9).contains(value) else { return "\(Float(value))" }
        let thousandths = Int((value * 1000).rounded())
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
