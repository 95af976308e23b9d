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
        #expect([0.2, 1, 3.9, 9.99].map { Pace.rounded($0) } == [1, 1, 3, 9])
    }

    @Test func `numbers of steps of a usual pace are rounded down to two digits, by a tenth at most`() {
        for count in stride(from: 10.0, to: 200_000, by: 7.3) {
            let rounded = Double(Pace.rounded(count, finely: true))
            #expect(rounded <= count + 1e-6)
            #expect(rounded * 1.1 > count)
            #expect(Pace.rounded(rounded, finely: true) == Int(rounded))
        }
        #expect([0.2, 9.99, 11, 228, 5_432].map { Pace.rounded($0, finely: true) } == [1, 9, 11, 220, 5_400])
    }

    @Test func `what whole trainings took spends more of the time than what a few steps did`() {
        #expect(Pace.plan(in: 60, each: 0.25, key: "\(UUID())") == Pace.Plan(steps: 180, isRepeated: false))
        let usual = Pace.plan(in: 60, each: 0.25, usual: true, key: "\(UUID())")
        #expect(usual == Pace.Plan(steps: 220, isRepeated: false))
    }

    @Test func `an equal training takes as many steps while they fit and spend most of the time`() {
        let key = "\(UUID())"
        #expect(Pace.plan(in: 60, each: 0.25, key: key).steps == 180)
        for each in [0.23, 0.25, 0.3, 0.345] {
            #expect(Pace.plan(in: 60, each: each, usual: true, key: key) == Pace.Plan(steps: 180, isRepeated: true))
        }
        #expect(Pace.plan(in: 60, each: 0.5, usual: true, key: key) == Pace.Plan(steps: 110, isRepeated: false))
        #expect(Pace.plan(in: 60, each: 0.1, usual: true, key: key) == Pace.Plan(steps: 570, isRepeated: false))
    }

    @Test func `the last training of a kind tells what a step takes`() {
        let key = "\(UUID())"
        #expect(Pace.usual(key: key) == nil)
        Pace.note(0.3, key: key)
        Pace.note(0.4, key: key)
        #expect(Pace.usual(key: key) == 0.4)
    }

    @Test func `a step counts as fast as it ever was`() {
        let key = "\(UUID())"
        #expect([0.2, 0.4, 0.1, 0.3].map { Pace.fastest($0, key: key) } == [0.2, 0.2, 0.1, 0.1])
        #expect(Pace.fastest(0.4, key: "\(UUID())") == 0.4)
    }
}
