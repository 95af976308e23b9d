/// How far a training is: by its steps, unless it turns out too slow for its seconds; by the clock from then on.
///
/// Where it turns out far faster than was measured, it takes more steps. The learning rate follows it, so it ends at 1
/// either way. One that repeats another may take a little longer than its seconds, to end as the other one did.
package struct StepSchedule: Codable, Sendable {
    private struct Late: Codable {
        var used: Double
        var seconds: Double
    }

    private let budget: Budget
    /// Steps in all; nil until the pace is known, or where only the clock counts.
    package private(set) var steps: Int?
    /// When the steps began to count.
    private var began = 0.0
    /// Behind so many steps, a number that was measured is judged once more.
    private var review: Int?
    /// The number of steps before it was raised.
    private var raised: Int?
    /// The part of the seconds that all may take, where it is not 1.
    private var allowance: Double?
    private var late: Late?

    /// `steps` is the number that an equal training took.
    package init(_ budget: Budget, steps: Int? = nil) {
        self.budget = budget
        let known = steps ?? (budget.seconds == nil ? budget.steps : nil)
        self.steps = known.map { min($0, budget.steps ?? $0) }
    }

    /// Whether the pace has to be measured before the first step.
    var needsPace: Bool { steps == nil }

    /// Whether the same number of steps gives the same result.
    package var isRepeatable: Bool { steps != nil && late == nil && raised == nil }

    /// Fixes the number of steps to take after `step`; `now` is the seconds that have passed.
    ///
    /// One that an equal training took, `repeated`, is not judged once more.
    package mutating func set(rest: Int, after step: Int = 0, at now: Double, repeated: Bool = false) {
        let planned = min(step + rest, budget.steps ?? .max)
        steps = planned
        began = now
        review = repeated ? nil : max(planned / 4, 10)
        allowance = repeated ? StepTimings.allowance : nil
    }

    /// The seconds of a step, where the first quarter of them shows that far more fit than were planned; nil where not,
    /// and after any other step.
    ///
    /// Far more is where all would end before 0.7 of the seconds: a little less than the least that `StepTimings` plans with.
    package func pace(atReview step: Int, seconds: Double) -> Double? {
        guard let steps, let limit = budget.seconds, step == review, late == nil, step < steps,
            steps < budget.steps ?? .max
        else { return nil }
        let each = max(seconds - began, 0) / Double(step)
        return seconds + each * Double(steps - step) < 0.7 * limit ? each : nil
    }

    /// Raises the number of steps to what fits after `step`.
    package mutating func raise(rest: Int, after step: Int) {
        guard let planned = steps, step + rest > planned else { return }
        raised = planned
        review = nil
        steps = min(step + rest, budget.steps ?? .max)
    }

    /// The part that is done, 0 … 1.
    package func used(step: Int, seconds: Double) -> Double {
        guard let steps else { return budget.used(steps: step, seconds: seconds) }
        guard let late, let limit = budget.seconds else { return min(Double(step) / Double(max(steps, 1)), 1) }
        let rest = (seconds - late.seconds) / max(limit - late.seconds, .leastNonzeroMagnitude)
        return min(late.used + (1 - late.used) * max(rest, 0), 1)
    }

    /// Looks at the clock after a step: where the steps to go will not fit, time counts from here on.
    ///
    /// Early on only what is far too slow counts as such, as the pace may recover.
    package mutating func look(step: Int, seconds: Double) {
        guard let steps, let limit = budget.seconds, late == nil, step > 0, step < steps else { return }
        let end = seconds + (seconds - began) / Double(step) * Double(steps - step)
        let done = Double(step) / Double(steps)
        let last = limit * (allowance ?? 1)
        guard seconds >= last || end > last * (done > 0.6 ? 1 : 1.2), step >= 10 || seconds >= last else { return }
        late = Late(used: done, seconds: min(seconds, limit))
    }

    /// The seconds of a step so far; nil before a few have shown it.
    package func pace(step: Int, seconds: Double) -> Double? {
        step >= StepTimings.timed ? max(seconds - began, 0) / Double(step) : nil
    }

    /// Seconds to go.
    func eta(step: Int, seconds: Double) -> Double? {
        let used = used(step: step, seconds: seconds)
        guard used > 0 else { return nil }
        guard let steps, late == nil, step > 0 else { return seconds * (1 - used) / used }
        return max(seconds - began, 0) / Double(step) * Double(max(steps - step, 0))
    }
}
