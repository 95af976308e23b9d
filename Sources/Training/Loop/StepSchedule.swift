/// The progress of a training: counted in steps, or by the clock once it turns out too slow for its seconds.
///
/// If it turns out far faster than measured, it takes more steps. The learning rate depends on the progress, which
/// always ends at 1. A training that repeats another may exceed its seconds a little, to take the same number of steps.
package struct StepSchedule: Codable, Sendable {
    private struct Late: Codable {
        var used: Double
        var seconds: Double
    }

    private let budget: Budget
    /// The number of steps that was asked for, which is never exceeded; nil if only the seconds were.
    private let limit: Int?
    /// The total number of steps; nil until the pace is known, or if only the clock counts.
    package private(set) var steps: Int?
    /// The seconds that had passed when counting of steps began.
    private var began = 0.0
    /// The step after which a measured number of steps is reviewed once.
    private var review: Int?
    /// The number of steps before it was raised.
    private var raised: Int?
    /// The fraction of the seconds that the training may take, if not 1.
    private var allowance: Double?
    private var late: Late?

    /// `steps` is the number of steps of an equal training.
    package init(_ budget: Budget, steps: Int? = nil) {
        self.budget = budget
        limit = [steps, budget.steps].compactMap(\.self).min()
        self.steps = steps == nil && budget.seconds != nil ? nil : limit
    }

    /// Whether the pace has to be measured before the first step.
    var needsPace: Bool { steps == nil }

    /// Whether the same number of steps gives the same result.
    package var isRepeatable: Bool { steps != nil && late == nil && raised == nil }

    /// Sets the number of steps to take after `step`; `now` is the seconds that have passed.
    ///
    /// The number of an equal training (`repeated`) is not reviewed.
    package mutating func set(rest: Int, after step: Int = 0, at now: Double, repeated: Bool = false) {
        let planned = min(step + rest, budget.steps ?? .max)
        steps = planned
        began = now
        review = repeated ? nil : max(planned / 4, 10)
        allowance = repeated ? StepTimings.allowance : nil
    }

    /// The seconds per step, if the first quarter of the steps shows that far more fit than planned; else nil.
    ///
    /// Far more means that the training would end before 0.7 of its seconds, a little less than `StepTimings` plans
    /// with.
    package func pace(atReview step: Int, seconds: Double) -> Double? {
        guard let steps, let limit = budget.seconds, step == review, late == nil, step < steps,
            steps < budget.steps ?? .max
        else { return nil }
        let each = max(seconds - began, 0) / Double(step)
        return seconds + each * Double(steps - step) < 0.7 * limit ? each : nil
    }

    /// Raises the number of steps to `step` + `rest`, once.
    package mutating func raise(rest: Int, after step: Int) {
        guard let planned = steps, step + rest > planned else { return }
        raised = planned
        review = nil
        steps = min(step + rest, budget.steps ?? .max)
    }

    /// The fraction of the training that is done, 0 … 1.
    package func used(step: Int, seconds: Double) -> Double {
        guard let steps else { return budget.used(steps: step, seconds: seconds) }
        guard let late, let end = budget.seconds else { return min(Double(step) / Double(max(steps, 1)), 1) }
        let rest = (seconds - late.seconds) / max(end - late.seconds, .leastNonzeroMagnitude)
        // After a hold-up steps may be fast again, and many more would fit into the seconds.
        let bySteps = limit.map { Double(step) / Double(max($0, 1)) } ?? 0
        return min(max(late.used + (1 - late.used) * max(rest, 0), bySteps), 1)
    }

    /// Checks the clock after a step: if the remaining steps don't fit, progress is counted in seconds from here on.
    ///
    /// Early in the training only a far too slow pace counts, as it may recover.
    package mutating func look(step: Int, seconds: Double) {
        guard let steps, let limit = budget.seconds, late == nil, step > 0, step < steps else { return }
        let end = seconds + (seconds - began) / Double(step) * Double(steps - step)
        let done = Double(step) / Double(steps)
        let last = limit * (allowance ?? 1)
        guard seconds >= last || end > last * (done > 0.6 ? 1 : 1.2), step >= 10 || seconds >= last else { return }
        late = Late(used: done, seconds: min(seconds, limit))
    }

    /// The mean seconds per step so far; nil in the first few steps.
    package func pace(step: Int, seconds: Double) -> Double? {
        step >= StepTimings.timed ? max(seconds - began, 0) / Double(step) : nil
    }

    /// The estimated remaining seconds.
    func eta(step: Int, seconds: Double) -> Double? {
        let used = used(step: step, seconds: seconds)
        guard used > 0 else { return nil }
        guard let steps, late == nil, step > 0 else { return seconds * (1 - used) / used }
        return max(seconds - began, 0) / Double(step) * Double(max(steps - step, 0))
    }
}
