import Testing
import slicewise

@Suite struct TerminalTests {
    @Test(
        arguments: [
            (0, "0 s"), (59.4, "59 s"), (60, "1:00 min"), (185, "3:05 min"), (3600, "1:00 h"), (7830, "2:10 h"),
            (.nan, "?"), (-1, "?"),
        ] as [(Double, String)])
    func `durations read as people write them`(seconds: Double, text: String) {
        #expect(ProgressLine.duration(seconds) == text)
    }

    @Test func `a progress line has a bar on a terminal only`() {
        let bar = ProgressLine.line("training", fraction: 0.5, eta: 61, detail: "step 7", bar: true)
        #expect(bar == "training  ████████████░░░░░░░░░░░░  50 %  step 7  1:01 min left")
        let plain = ProgressLine.line("training", fraction: 2, eta: nil, detail: "", bar: false)
        #expect(plain == "training  100 %")
    }

    @Test func `a table is flush left in its first column and flush right in the others`() {
        var table = TextTable(["class", "IoU"])
        table.add(["tubule", TextTable.share(0.8129)])
        table.add(["a", TextTable.share(nil)])
        #expect(table.text == "class     IoU\n──────  ─────\ntubule  0.813\na           –")
    }

    @Test(arguments: [(2.0007, "2.001"), (1e30, "1e+30"), (.infinity, "inf"), (.nan, "nan"), (-0.5, "-0.5")])
    func `the loss of a training that diverges is shown, however large`(loss: Double, text: String) {
        #expect(TextTable.share(loss) == text)
    }
}
