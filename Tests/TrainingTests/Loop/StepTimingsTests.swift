import JSON
import Network
import Testing
import Training
import Volumes

@Suite struct StepTimingsTests {
    @Test func `numbers of steps are rounded to the nearest of a series, by a thirteenth at most`() {
        for count in stride(from: 10.0, to: 200_000, by: 7.3) {
            let rounded = Double(StepTimings.rounded(count))
            #expect(abs(rounded - count) <= count / 13)
            #expect(StepTimings.rounded(rounded) == Int(rounded))
        }
        #expect([0.2, 1, 3.9, 9.99].map { StepTimings.rounded($0) } == [1, 1, 4, 10])
    }

    @Test func `an equal training takes as many steps while the time holds them well`() throws {
        let timings = StepTimings()
        let training = StepTimings.Training(try kind(), budget: Budget(seconds: 60), counts: [3, 4])
        #expect(timings.plan(225, within: 200...240, for: training) == 220)
        #expect(timings.plan(240, within: 215...255, for: training) == 220)
        #expect(timings.plan(410, within: 350...430, for: training) == 420)
        #expect(timings.plan(390, within: 370...420, for: training) == 420)
    }

    @Test func `a training on other labels, or of another kind, takes steps of its own`() throws {
        let timings = StepTimings()
        let budget = Budget(seconds: 60)
        let training = StepTimings.Training(try kind(), budget: budget, counts: [3, 4])
        #expect(timings.plan(220, within: 200...250, for: training) == 220)
        let others = [
            StepTimings.Training(try kind(), budget: budget, counts: [3, 5]),
            StepTimings.Training(try kind(threads: 2), budget: budget, counts: [3, 4]),
        ]
        for other in others { #expect(timings.plan(240, within: 200...250, for: other) == 240) }
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

    @Test func `what followed the steps of the last training of a kind is known, but not hold-ups`() throws {
        let (timings, kind) = (StepTimings(), try kind())
        #expect(timings.ending(of: kind) == nil)
        timings.note(ending: 0.5, of: kind)
        timings.note(storing: 0.2, of: kind)
        #expect(timings.ending(of: kind) == StepTimings.Ending(share: 0.5, storing: 0.2))
        timings.note(ending: 30, of: kind)
        #expect(try #require(timings.ending(of: kind)).share <= 2)
        #expect(timings.ending(of: try self.kind(threads: 2)) == nil)
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
