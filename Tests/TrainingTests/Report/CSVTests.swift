import Testing
import Training

@Suite struct CSVTests {
    @Test func `names with commas, quotes and accents behind them stay in their fields`() {
        #expect(CSV.text([["a,b", "say \"a\"", "plain", ""]]) == "\"a,b\",\"say \"\"a\"\"\",plain,\n")
        // The accent and what it follows are one character to Swift, and two to whoever reads the file.
        #expect(CSV.text([["a,\u{301}b", "\"\u{301}"]]) == "\"a,\u{301}b\",\"\"\"\u{301}\"\n")
    }

    @Test func `what a program for tables would compute is text, and numbers are numbers`() {
        let cells = ["=1+1", "+cell", "-cell", "@cell", "=HYPERLINK(\"a\",\"b\")", "-1", "-0.5", "a=b"]
        #expect(
            CSV.text([cells])
                == "'=1+1,'+cell,'-cell,'@cell,\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\",-1,-0.5,a=b\n")
    }
}
