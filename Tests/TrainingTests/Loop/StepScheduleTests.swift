import Foundation
import Testing
import Training

@Suite struct StepScheduleTests {
    /// Of a hundred seconds, with so many steps planned when two of them had passed.
    private func schedule(_ steps: Int, atMost: Int? = nil) -> StepSchedule {
        var schedule = StepSchedule(Budget(steps: atMost, seconds: 100))
        schedule.set(steps, after: 0, at: 2)
        return schedule
    }

    /// Takes steps until the schedule is over, each of the seconds that `pace` gives for the time; returns the number of
    /// steps, and the time with what follows the last.
    private func run(
        _ schedule: inout StepSchedule, pace: (_ seconds: Double) -> Double
    ) -> (steps: Int, seconds: Double) {
        var (step, seconds) = (0, 2.0)
        while !schedule.isOver(step: step) {
            seconds += pace(seconds)
            step += 1
            schedule.look(step: step, seconds: seconds)
        }
        return (step, seconds + min(8, Double(step) / 12) * 5 / 3 * pace(seconds))
    }

    @Test func `a training as fast as measured keeps its steps, and can be repeated from their number`() {
        var schedule = schedule(400)
        #expect(run(&schedule) { _ in 0.23 }.steps == 400)
        #expect(schedule.plan == StepPlan(400))
    }

    @Test(arguments: [0.02, 0.1, 0.3, 0.5, 1, 3])
    func `however fast its steps turn out, a training ends within a tenth of its seconds`(each: Double) {
        var schedule = schedule(400)
        let end = run(&schedule) { _ in each }
        #expect(90...106 ~= end.seconds)
        #expect(schedule.plan?.isPlain == false)
        #expect(schedule.used(step: end.steps) == 1)
    }

    @Test(arguments: [(0.5, 0.1), (0.1, 0.5), (0.24, 1.5), (1.5, 0.05)])
    func `a machine that becomes busy, or idle, on the way changes the number of steps, not the time`(
        before: Double, after: Double
    ) {
        for turn in [10.0, 40, 70] {
            var schedule = schedule(400)
            let end = run(&schedule) { $0 < turn ? before : after }
            #expect(90...106 ~= end.seconds)
        }
    }

    @Test func `a pace that comes and goes leaves the training within its seconds`() {
        var schedule = schedule(400)
        var random = SystemRandomNumberGenerator()
        let end = run(&schedule) { _ in Double.random(in: 0.05...0.6, using: &random) }
        #expect(85...112 ~= end.seconds)
    }

    @Test func `a training whose rate has fallen half way goes on from there`() {
        var schedule = schedule(400)
        var (step, seconds) = (0, 2.0)
        var last = 0.0
        while !schedule.isOver(step: step) {
            seconds += step < 150 ? 0.24 : 0.48
            step += 1
            schedule.look(step: step, seconds: seconds)
            #expect(schedule.used(step: step) >= last)
            if !schedule.isOver(step: step) { #expect(schedule.used(step: step) < last + 0.02) }
            last = schedule.used(step: step)
        }
        #expect(last == 1)
    }

    @Test func `what follows the last step has its time as well`() {
        func steps(_ ending: Double) -> Double {
            StepSchedule(Budget(seconds: 100), ending: ending).steps(endingAt: 1, each: 0.5, after: 0, at: 0)
        }
        // A calibration takes as long as 8 steps, a look at learned slices as 16 / 3.
        #expect(abs(steps(0) - (200 - 8 - 16.0 / 3)) < 1e-9)
        #expect(abs(steps(20) - (180 - 8 - 16.0 / 3)) < 1e-9)
    }

    @Test func `what followed the last step of another training is expected of this one`() throws {
        let usual = StepTimings.Ending(share: 0.5, storing: 2)
        var schedule = StepSchedule(Budget(seconds: 100), ending: 20, usual: usual)
        #expect(abs(schedule.steps(endingAt: 1, each: 0.5, after: 0, at: 0) - (196 - (20 + 8 + 16.0 / 3) / 2)) < 1e-9)
        schedule.set(170, after: 0, at: 0)
        for step in 1...100 { schedule.look(step: step, seconds: 0.5 * Double(step)) }
        let following = (20 + 8 + 16.0 / 3) / 2 * 0.5
        #expect(abs(schedule.following(step: 170, seconds: 85) - following) < 1e-9)
        #expect(abs(try #require(schedule.eta(step: 100, seconds: 50)) - (35 + following + 2)) < 1e-9)
        let stored = try JSONDecoder().decode(StepSchedule.self, from: JSONEncoder().encode(schedule))
        #expect(stored.eta(step: 100, seconds: 50) == schedule.eta(step: 100, seconds: 50))
    }

    @Test func `measurements on held-out slices on the way do not look as if steps had become slow`() throws {
        let scoring = StepSchedule.Scoring(every: 20, cost: 3)
        var schedule = StepSchedule(Budget(seconds: 100), scoring: scoring)
        schedule.set(150, after: 0, at: 0)
        let following = (8 + 16.0 / 3) * (0.5 + 1.8 / 20)
        // Steps of half a second; every twentieth is followed by 1.8 seconds of measuring.
        let end = 150 * 0.5 + 7 * 1.8 + following
        var (step, seconds) = (0, 0.0)
        while !schedule.isOver(step: step) {
            seconds += 0.5
            step += 1
            schedule.look(step: step, seconds: seconds)
            if step % 20 == 0 {
                seconds += 1.8
                schedule.note(scoring: 1.8)
            }
            if step >= 20 {
                #expect(abs(try #require(schedule.eta(step: step, seconds: seconds)) - (end - seconds)) < 1e-6)
            }
        }
        #expect(step == 150)
    }

    @Test func `few steps leave time for what follows few`() {
        let schedule = StepSchedule(Budget(seconds: 100))
        let steps = schedule.steps(endingAt: 1, each: 4, after: 0, at: 0)
        #expect(abs(steps + schedule.reckoned(after: steps) - 25) < 0.01)
    }

    @Test func `seconds left are estimated by the pace of late, and never exceed the budget`() throws {
        var schedule = schedule(370)
        #expect(try #require(schedule.eta(step: 0, seconds: 2)) == 98)
        for step in 1...100 { schedule.look(step: step, seconds: 2 + 0.24 * Double(step)) }
        // 270 steps, and what follows the last.
        let (rest, each): (Double, Double) = (270 + 40.0 / 3, 0.24)
        let eta = try #require(schedule.eta(step: 100, seconds: 26))
        #expect(abs(eta - rest * each) < 1e-6)
        #expect(try #require(schedule.eta(step: 100, seconds: 95)) <= 5)
        #expect(StepSchedule(Budget(steps: 40)).eta(step: 0, seconds: 1) == nil)
    }

    @Test func `steps that the recipe or the budget names are never exceeded`() throws {
        let schedules = [
            schedule(200, atMost: 200), schedule(150, atMost: 200),
            StepSchedule(Budget(seconds: 100), plan: StepPlan(200)),
            StepSchedule(Budget(steps: 200, seconds: 100), plan: StepPlan(400)),
        ]
        for var schedule in schedules {
            // A hold-up of 60 of the 100 seconds, and fast steps after it.
            let end = run(&schedule) { $0 < 3 ? 60 : 0.01 }
            #expect(end.steps <= 200)
        }
        var plain = StepSchedule(Budget(steps: 40))
        let end = run(&plain) { _ in 1e-3 }
        #expect(end.steps == 40 && plain.plan == StepPlan(40))
    }

    @Test func `the plan of another training is followed, and shortened only where time is short`() {
        var plan = StepPlan(220)
        plan.change(to: 300, after: 60)
        var schedule = StepSchedule(Budget(seconds: 100), plan: plan)
        #expect(run(&schedule) { _ in 0.1 }.steps == 300)
        #expect(schedule.plan == plan)
        var slow = StepSchedule(Budget(seconds: 100), plan: plan)
        #expect(run(&slow) { _ in 1 }.steps < 110)
    }

    @Test func `a schedule is stored and goes on`() throws {
        var whole = schedule(400)
        for step in 1...50 { whole.look(step: step, seconds: 2 + 0.5 * Double(step)) }
        let stored = try JSONDecoder().decode(StepSchedule.self, from: JSONEncoder().encode(whole))
        #expect(stored.plan == whole.plan)
        #expect(stored.eta(step: 50, seconds: 27) == whole.eta(step: 50, seconds: 27))
    }
}
