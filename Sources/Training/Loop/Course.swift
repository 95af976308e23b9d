/// How far a training is: by its steps, unless it turns out too slow for its seconds; by the clock from then on.
///
/// The learning rate follows it, so it ends at 1 either way.
struct Course: Codable {
    private struct Late: Codable {
        var used: Double
        var seconds: Double
    }

    let budget: Budget
    /// Steps in all; nil until the pace is known, or where only the clock counts.
    private(set) var steps: Int?
    /// When the steps began to count.
    private var began = 0.0
    private var late: Late?

    /// `steps` is the number that an equal training took.
    init(_ budget: Budget, steps: Int? = nil) {
        self.budget = budget
        let known = steps ?? (budget.seconds == nil ? budget.steps : nil)
        self.steps = known.map { min($0, budget.steps ?? $0) }
    }

    /// Whether the pace has to be measured before the first step.
    var needsPace: Bool { steps == nil }

    /// Whether the same number of steps gives the same result.
    var isRepeatable: Bool { steps != nil && late == nil }

    /// Fixes the number of steps; `now` is the seconds that have passed.
    mutating func set(steps planned: Int, at now: Double) {
        steps = min(planned, budget.steps ?? planned)
        began = now
    }

    /// The part that is done, 0 … 1.
    func used(step: Int, seconds: Double) -> Double {
        guard let steps else { return budget.used(steps: step, seconds: seconds) }
        guard let late, let limit = budget.seconds else { return min(Double(step) / Double(max(steps, 1)), 1) }
        let rest = (seconds - late.seconds) / max(limit - late.seconds, .leastNonzeroMagnitude)
        return min(late.used + (1 - late.used) * max(rest, 0), 1)
    }

    /// Looks at the clock after a step: where the steps to go will not fit, time counts from here on.
    ///
    /// Early on only what is far too slow counts as such, as the pace may recover.
    mutating func look(step: Int, seconds: Double) {
        guard let steps, let limit = budget.seconds, late == nil, step > 0, step < steps else { return }
        let end = seconds + (seconds - began) / Double(step) * Double(steps - step)
        let done = Double(step) / Double(steps)
        guard seconds >= limit || end > limit * (done > 0.6 ? 1 : 1.2), step >= 10 || seconds >= limit else { return }
        late = Late(used: done, seconds: min(seconds, limit))
    }

    /// Seconds to go.
    func eta(step: Int, seconds: Double) -> Double? {
        let used = used(step: step, seconds: seconds)
        guard used > 0 else { return nil }
        guard let steps, late == nil, step > 0 else { return seconds * (1 - used) / used }
        return max(seconds - began, 0) / Double(step) * Double(max(steps - step, 0))
    }
}
