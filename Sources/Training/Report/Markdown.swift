/// Tables in Markdown, as GitHub and most editors show them.
package enum Markdown {
    /// A table; the first `left` columns are aligned to the left, the others, of numbers, to the right.
    ///
    /// `means` are the cells of a last row, after its name.
    package static func table(
        _ head: [String], left: Int, _ rows: [[String]], means: [String]? = nil
    ) -> [String] {
        let rule = head.indices.map { $0 < left ? "---" : "---:" }
        var lines = [line(head.map(escaped)), "|\(rule.joined(separator: "|"))|"]
        lines += rows.map { line($0.map(escaped)) }
        if let means { lines.append(line(["**mean**"] + means)) }
        return lines
    }

    /// Text that is shown as it is, also in a cell of a table: nothing in it is markup.
    package static func escaped(_ text: String) -> String {
        // Scalars, as accents may follow a bar.
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "\n", "\r": result.append(" ")
            case "_":
                // Within a word it is no markup.
                let isWithin = [index - 1, index + 1].allSatisfy {
                    scalars.indices.contains($0) && (isLetter(scalars[$0]) || scalars[$0] == "_")
                }
                result.append(contentsOf: isWithin ? [scalar] : ["\\", scalar])
            case "\\", "`", "*", "[", "]", "<", ">", "|", "~", "&", "$": result.append(contentsOf: ["\\", scalar])
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isLetter(_ scalar: UnicodeScalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// A number with three decimals; a dash for `nil`.
    package static func share(_ value: Double?) -> String {
        guard let value else { return "–" }
        let thousandths = Int((value * 1000).rounded())
        let digits = "\(thousandths % 1000)"
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    private static func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
}
