import Testing
import Training

@Suite struct StepScheduleTests {
    /// Of a hundred seconds, with so many steps planned when two of them had passed.
    private func schedule(_ steps: Int, atMost: Int? = nil) -> StepSchedule {
        var schedule = StepSchedule(Budget(steps: atMost, seconds: 100))
        schedule.set(rest: steps, at: 2)
        return schedule
    }

    @Test func `steps count, not seconds, while they fit`() {
        var schedule = schedule(400)
        schedule.look(step: 100, seconds: 24)
        #expect(schedule.used(step: 100, seconds: 24) == 0.25)
        #expect(schedule.isRepeatable)
    }

    @Test func `far too slow a training follows the clock, and ends with its seconds`() {
        var schedule = schedule(400)
        schedule.look(step: 20, seconds: 22)
        #expect(!schedule.isRepeatable)
        #expect(abs(schedule.used(step: 21, seconds: 61) - (0.05 + 0.95 * 0.5)) < 1e-9)
        #expect(schedule.used(step: 30, seconds: 100) == 1)
    }

    @Test func `behind a quarter of its steps, a training that is far faster than measured takes more`() throws {
        var schedule = schedule(400)
        #expect(schedule.pace(atReview: 99, seconds: 11.9) == nil)
        #expect(schedule.pace(atReview: 101, seconds: 12.1) == nil)
        let pace = try #require(schedule.pace(atReview: 100, seconds: 12))
        #expect(abs(pace - 0.1) < 1e-9)
        schedule.raise(rest: 680, after: 100)
        #expect(schedule.steps == 780)
        #expect(schedule.used(step: 195, seconds: 20) == 0.25)
        #expect(!schedule.isRepeatable)
        #expect(schedule.pace(atReview: 195, seconds: 12) == nil)
    }

    @Test func `a training as fast as measured keeps its steps`() {
        #expect(schedule(400).pace(atReview: 100, seconds: 21) == nil)
    }

    @Test func `a number that an equal training took stays, even if that takes a little longer`() {
        var schedule = StepSchedule(Budget(seconds: 100))
        schedule.set(rest: 400, at: 2, repeated: true)
        #expect(schedule.pace(atReview: 100, seconds: 12) == nil)
        schedule.look(step: 392, seconds: 102)
        #expect(schedule.isRepeatable)
        #expect(schedule.used(step: 392, seconds: 102) == 0.98)
        schedule.look(step: 396, seconds: 105)
        #expect(!schedule.isRepeatable)
        #expect(schedule.used(step: 396, seconds: 105) == 1)
    }

    @Test func `a number that was planned for the first time does not outlast its seconds`() {
        var schedule = schedule(400)
        schedule.look(step: 392, seconds: 102)
        #expect(!schedule.isRepeatable)
        #expect(schedule.used(step: 392, seconds: 102) == 1)
    }

    @Test func `the pace is that of the steps that count`() throws {
        #expect(schedule(400).pace(step: 5, seconds: 3) == nil)
        #expect(try abs(#require(schedule(400).pace(step: 100, seconds: 27)) - 0.25) < 1e-9)
    }

    @Test func `steps that the recipe or the budget names are never exceeded`() throws {
        #expect(StepSchedule(Budget(seconds: 3600), steps: 40).pace(atReview: 10, seconds: 1) == nil)
        #expect(StepSchedule(Budget(steps: 40)).pace(atReview: 10, seconds: 1) == nil)
        // A hold-up of 60 of the 100 seconds, and fast steps after it.
        let held = [
            schedule(200, atMost: 200), schedule(150, atMost: 200), StepSchedule(Budget(seconds: 100), steps: 200),
            StepSchedule(Budget(steps: 200, seconds: 100), steps: 400),
        ]
        for var schedule in held {
            schedule.look(step: 20, seconds: 60)
            #expect(!schedule.isRepeatable)
            #expect(schedule.used(step: 100, seconds: 62) < 1)
            #expect(schedule.used(step: 200, seconds: 65) == 1)
        }
        #expect(schedule(400, atMost: 400).pace(atReview: 100, seconds: 3) == nil)
        var schedule = schedule(400, atMost: 500)
        #expect(schedule.pace(atReview: 100, seconds: 3) != nil)
        schedule.raise(rest: 900, after: 100)
        #expect(schedule.steps == 500)
    }
}
