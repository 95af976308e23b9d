/// Telling how long it is to the result, from the last step on.
extension Trainer {
    /// Seconds of a clock that is never put back.
    package static let monotonic: @Sendable () -> Double = {
        let start = ContinuousClock.now
        return { (ContinuousClock.now - start).seconds }
    }()

    /// Begins what follows the last step.
    func beginEnding() {
        state.seconds = passed
        ending = TrainingEnding(
            start: state.seconds, expected: schedule.following(step: step, seconds: state.seconds),
            cost: schedule.reckoned(after: Double(step)))
    }

    /// Tells of a part of the ending that is done and was reckoned to take as long as so many steps.
    func advance(_ steps: Double) {
        guard var ending else { return }
        ending.done += steps
        self.ending = ending
        state.seconds = passed
        let limit = budget.seconds.map { max($0 - state.seconds, 0) } ?? .infinity
        finishing(report(left: min(ending.left(at: state.seconds) + schedule.storing, limit)))
    }

    /// Notes what the steps took, and what followed them, for the next training of this kind.
    func noteTimes() {
        guard step >= Trainer.timed, let ending else { return }
        let pace = schedule.pace(step: step, seconds: ending.start)
        timings.note(pace, of: kind)
        // What doesn't depend on the number of steps would count for too much after few.
        guard step >= 2 * Trainer.timed, pace > 0 else { return }
        timings.note(ending: (passed - ending.start) / (pace * ending.cost), of: kind)
    }
}
