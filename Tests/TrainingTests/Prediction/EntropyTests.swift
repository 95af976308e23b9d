import Testing
import Training

@Suite struct EntropyTests {
    @Test func `entropy is 0 when sure and 1 when all is equal`() {
        let values = entropy([1, 0.5, 0.25, 0, 0.5, 0.75], classes: 2)
        #expect(values[0] == 0)
        #expect(abs(values[1] - 1) < 1e-6)
        #expect(abs(values[2] - 0.811278) < 1e-5)
        let third = entropy([Float](repeating: 1.0 / 3, count: 3), classes: 3)
        #expect(abs(third[0] - 1) < 1e-6)
    }
}
