import JSON
import Network
import Testing
import Training
import Volumes

@Suite struct StepTimingsTests {
    @Test func `numbers of steps are rounded down to two digits, by a fifth at most`() {
        for count in stride(from: 10.0, to: 200_000, by: 7.3) {
            let rounded = Double(StepTimings.rounded(count))
            #expect(rounded <= count + 1e-6)
            #expect(rounded * 1.26 > count)
            #expect(StepTimings.rounded(rounded) == Int(rounded))
        }
        #expect([0.2, 1, 3.9, 9.99].map { StepTimings.rounded($0) } == [1, 1, 3, 9])
    }

    @Test func `numbers of steps of a usual pace are rounded down to two digits, by a tenth at most`() {
        for count in stride(from: 10.0, to: 200_000, by: 7.3) {
            let rounded = Double(StepTimings.rounded(count, finely: true))
            #expect(rounded <= count + 1e-6)
            #expect(rounded * 1.1 > count)
            #expect(StepTimings.rounded(rounded, finely: true) == Int(rounded))
        }
        #expect([0.2, 9.99, 11, 228, 5_432].map { StepTimings.rounded($0, finely: true) } == [1, 9, 11, 220, 5_400])
    }

    @Test func `what whole trainings took spends more of the time than what a few steps did`() throws {
        let (few, whole) = (StepTimings(), StepTimings())
        let training = StepTimings.Training(try kind(), budget: Budget(seconds: 60), counts: [])
        #expect(few.plan(in: 60, each: 0.25, for: training) == StepTimings.Plan(steps: 180, isRepeated: false))
        #expect(
            whole.plan(in: 60, each: 0.25, usual: true, for: training)
                == StepTimings.Plan(steps: 220, isRepeated: false))
    }

    @Test func `an equal training takes as many steps while they fit and spend most of the time`() throws {
        let timings = StepTimings()
        let training = StepTimings.Training(try kind(), budget: Budget(seconds: 60), counts: [3, 4])
        #expect(timings.plan(in: 60, each: 0.25, for: training).steps == 180)
        for each in [0.23, 0.25, 0.3, 0.345] {
            #expect(
                timings.plan(in: 60, each: each, usual: true, for: training)
                    == StepTimings.Plan(steps: 180, isRepeated: true))
        }
        #expect(
            timings.plan(in: 60, each: 0.5, usual: true, for: training)
                == StepTimings.Plan(steps: 110, isRepeated: false))
        #expect(
            timings.plan(in: 60, each: 0.1, usual: true, for: training)
                == StepTimings.Plan(steps: 570, isRepeated: false))
    }

    @Test func `a training on other labels, or of another kind, takes steps of its own`() throws {
        let timings = StepTimings()
        let budget = Budget(seconds: 60)
        let training = StepTimings.Training(try kind(), budget: budget, counts: [3, 4])
        #expect(!timings.plan(in: 60, each: 0.25, for: training).isRepeated)
        #expect(timings.plan(in: 60, each: 0.25, for: training).isRepeated)
        let others = [
            StepTimings.Training(try kind(), budget: budget, counts: [3, 5]),
            StepTimings.Training(try kind(threads: 2), budget: budget, counts: [3, 4]),
            StepTimings.Training(try kind(), budget: budget, counts: [3, 4], planned: 100),
        ]
        for other in others { #expect(!timings.plan(in: 60, each: 0.25, for: other).isRepeated) }
    }

    @Test func `the last training of a kind tells what a step takes`() throws {
        let timings = StepTimings()
        let kind = try kind()
        #expect(timings.usual(of: kind) == nil)
        timings.note(0.3, of: kind)
        timings.note(0.4, of: kind)
        #expect(timings.usual(of: kind) == 0.4)
        #expect(timings.usual(of: try self.kind(threads: 2)) == nil)
    }

    @Test func `a step counts as fast as it ever was`() throws {
        let timings = StepTimings()
        let kind = try kind()
        let (one, other) = (patch(16), patch(32))
        #expect(
            [0.2, 0.4, 0.1, 0.3].map { timings.fastest($0, of: kind, taking: one) } == [0.2, 0.2, 0.1, 0.1])
        #expect(timings.fastest(0.4, of: kind, taking: other) == 0.4)
    }

    private func patch(_ side: Int) -> PatchShape {
        let extent = Extent(z: side, y: side, x: side)
        return PatchShape(image: extent, labels: extent)
    }

    private func kind(threads: Int = 1) throws -> StepTimings.Kind {
        StepTimings.Kind(
            UNetConfiguration(classes: 2), patch: patch(16), recipe: try Recipe(.string("fast")), threads: threads,
            volumes: [])
    }
}
