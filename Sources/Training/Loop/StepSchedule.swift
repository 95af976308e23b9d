/// The number of steps that a training takes: given, or planned for a budget in seconds and planned again while it runs.
///
/// The learning rate depends on the steps that are done of those planned, never on the clock: trainings with the same
/// plan (`StepPlan`) are equal. Where the steps that are left would end the training far before or after its seconds,
/// another number is planned, which the plan records.
package struct StepSchedule: Codable, Sendable {
    private struct Mark: Codable {
        var step: Int
        var seconds: Double
    }

    /// The part of the seconds, in which nothing else is planned.
    static let tolerated = 0.9...1.04
    /// The part of the seconds that is aimed at.
    static let wanted = 0.97
    /// The part of the seconds after which the pace is looked at again.
    private static let interval = 0.05

    private let budget: Budget
    /// The number of steps that was asked for, which is never exceeded; nil if only the seconds were.
    private let limit: Int?
    /// What is planned; nil if nothing is known of the steps yet.
    package private(set) var plan: StepPlan?
    /// Whether the number of steps has to be planned by the pace of the first ones.
    package private(set) var needsPace: Bool
    /// What follows the last step, in seconds of a step, besides a calibration.
    private let ending: Double
    /// The last but one look at the clock, and the last.
    private var marks: [Mark] = []

    /// `plan` is that of an equal training; `ending` is how many steps the last measurements on
    /// held-out slices take as long as.
    package init(_ budget: Budget, plan given: StepPlan? = nil, ending: Double = 0) {
        self.budget = budget
        self.ending = ending
        limit = [given?.steps, budget.steps].compactMap(\.self).min()
        needsPace = given == nil && budget.seconds != nil
        plan = limit.map { given?.steps == $0 ? given ?? StepPlan($0) : StepPlan($0) }
    }

    /// The number of steps in all, if known.
    package var steps: Int? { plan?.steps }

    /// The progress by which the learning rate falls, 0 … 1.
    package func used(step: Int) -> Double { plan?.used(step: step) ?? 0 }

    /// Whether all steps are done.
    package func isOver(step: Int) -> Bool { steps.map { step >= $0 } ?? false }

    /// Plans the steps in all when `step` are done, within the number that was asked for.
    package mutating func set(_ steps: Int, after step: Int, at seconds: Double) {
        let steps = max(min(steps, limit ?? .max), step)
        needsPace = false
        if marks.isEmpty { marks = [Mark(step: step, seconds: seconds)] }
        guard plan?.steps != steps else { return }
        if plan == nil { plan = StepPlan(steps, after: step) } else { plan?.change(to: steps, after: step) }
    }

    /// The number of steps in all that ends after a part of the seconds, at `each` seconds per step.
    package func steps(
        endingAt part: Double = wanted, each: Double, after step: Int, at seconds: Double
    ) -> Double {
        guard let last = budget.seconds else { return Double(limit ?? step) }
        let rest = max(part * last - seconds, 0) / max(each, 1e-9) - ending
        return Double(step) + max(rest - Self.settling(after: Double(step) + max(rest, 0)), 0)
    }

    /// What a calibration and a look at learned slices take after so many steps, in steps: `Trainer` limits both to a
    /// part of them.
    private static func settling(after steps: Double) -> Double {
        min(steps / 12, Double(Trainer.calibrationPatches) / 3) + min(steps / 12, Double(Trainer.learnedTiles)) * 2 / 3
    }

    /// Looks at the clock after a step, and plans another number of steps if the training would end far from its
    /// seconds.
    package mutating func look(step: Int, seconds: Double) {
        // The first step waits for memory to be mapped.
        if marks.isEmpty { marks = [Mark(step: step, seconds: seconds)] }
        guard !needsPace, let planned = steps, let last = budget.seconds, step < planned, let mark = marks.last else {
            return
        }
        // Where steps have become fast, the last of them are near before the interval is over.
        let isDue =
            step > mark.step
            && (seconds >= mark.seconds + Self.interval * last || 2 * (step - mark.step) >= planned - mark.step)
        guard isDue || seconds >= last else { return }
        // Over two intervals, as one may be disturbed and what is older may no longer count; but nothing makes steps too
        // fast, so the last interval alone tells of those.
        let usual = pace(step: step, seconds: seconds)
        let least = step > mark.step ? min((seconds - mark.seconds) / Double(step - mark.step), usual) : usual
        if isDue { marks = [mark, Mark(step: step, seconds: seconds)] }
        func fitting(_ part: Double, at each: Double) -> Double {
            steps(endingAt: part, each: each, after: step, at: seconds)
        }
        if Double(planned) > fitting(Self.tolerated.upperBound, at: usual).rounded(.up) {
            set(Int(fitting(Self.wanted, at: usual)), after: step, at: seconds)
        } else if planned < limit ?? .max,
            Double(planned) < fitting(Self.tolerated.lowerBound, at: least).rounded(.down)
        {
            set(Int(fitting(Self.wanted, at: least)), after: step, at: seconds)
        }
    }

    /// The mean seconds per step of late, the first left out; 0 before a step.
    package func pace(step: Int, seconds: Double) -> Double {
        guard let first = marks.first, step > first.step else { return seconds / Double(max(step, 1)) }
        return max(seconds - first.seconds, 0) / Double(step - first.step)
    }

    /// The estimated remaining seconds, of the steps and what follows them, which never exceed the budget.
    package func eta(step: Int, seconds: Double) -> Double? {
        let left = budget.seconds.map { max($0 - seconds, 0) }
        guard let steps, step > 0 else { return left }
        let rest = Double(max(steps - step, 0)) + ending + Self.settling(after: Double(steps))
        return min(pace(step: step, seconds: seconds) * rest, left ?? .infinity)
    }
}
