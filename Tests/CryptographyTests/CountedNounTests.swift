import Testing
import Text

@Suite struct CountedNounTests {
    @Test func `a noun is in the plural unless there is one`() {
        #expect([0, 1, 2].map { $0.counting("slice") } == ["0 slices", "1 slice", "2 slices"])
        #expect([1, 3].map { $0.counting("class", many: "classes") } == ["1 class", "3 classes"])
    }
}
