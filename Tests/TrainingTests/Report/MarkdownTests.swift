import Testing
import Training

@Suite struct MarkdownTests {
    @Test func `no name ends its cell or is markup`() {
        let names = ["a|b", "a\\|b", "|\u{301}", "*a*", "<b>", "a_b", "_a_", "`x`", "[a](b)", "&lt;", "two\nlines"]
        let table = Markdown.table(["class"], left: 1, names.map { [$0] })
        let cells = [
            "a\\|b", "a\\\\\\|b", "\\|\u{301}", "\\*a\\*", "\\<b\\>", "a_b", "\\_a\\_", "\\`x\\`", "\\[a\\](b)",
            "\\&lt;",
            "two lines",
        ]
        #expect(table == ["| class |", "|---|"] + cells.map { "| \($0) |" })
    }

    @Test func `a row of means is set off`() {
        let table = Markdown.table(["class", "IoU"], left: 1, [["a", "0.500"]], means: ["0.500"])
        #expect(table == ["| class | IoU |", "|---|---:|", "| a | 0.500 |", "| **mean** | 0.500 |"])
    }
}
