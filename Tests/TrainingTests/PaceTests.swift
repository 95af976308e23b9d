import Foundation
import Testing
import Training

@Suite struct PaceTests {
    @Test func `numbers of steps are rounded down to two digits, by a fifth at most`() {
        for count in stride(from: 10.0, to: 200_000, by: 7.3) {
            let rounded = Double(Pace.rounded(count))
            #expect(rounded <= count + 1e-6)
            #expect(rounded * 1.26 > count)
            #expect(Pace.rounded(rounded) == Int(rounded))
        }
        #expect([0.2, 1, 3.9, 9.99].map(Pace.rounded) == [1, 1, 3, 9])
    }

    @Test func `a step counts as fast as it ever was`() {
        let key = "\(UUID())"
        #expect([0.2, 0.4, 0.1, 0.3].map { Pace.fastest($0, key: key) } == [0.2, 0.2, 0.1, 0.1])
        #expect(Pace.fastest(0.4, key: "\(UUID())") == 0.4)
    }
}
