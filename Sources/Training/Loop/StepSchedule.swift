/// The number of steps that a training takes: given, or planned for a budget in seconds and planned again while it runs.
///
/// The learning rate depends on the steps that are done of those planned, never on the clock: trainings with the same
/// plan (`StepPlan`) are equal. Where the steps that are left would end the training far before or after its seconds,
/// another number is planned, which the plan records.
package struct StepSchedule: Codable, Sendable {
    private struct Mark: Codable {
        var step: Int
        var seconds: Double
        /// The seconds of them that measurements took.
        var scored: Double?
    }

    /// The measurements on held-out slices between the steps.
    package struct Scoring: Codable, Hashable, Sendable {
        /// The steps from one to the next.
        private let every: Int
        /// What one takes in steps, as it is reckoned without having been measured.
        private let cost: Double
        /// The seconds that those so far took, and their number.
        private(set) var seconds = 0.0
        private var count = 0

        package init(every: Int, cost: Double) {
            self.every = every
            self.cost = cost
        }

        mutating func note(_ seconds: Double) {
            self.seconds += seconds
            count += 1
        }

        /// The seconds of one, where a step takes `each`.
        func one(_ each: Double) -> Double { count > 0 ? seconds / Double(count) : cost * each }

        /// What they add to the seconds of a step.
        func part(_ each: Double) -> Double { one(each) / Double(every) }

        /// The seconds of those after some steps until others.
        func seconds(after step: Int, until last: Int, _ each: Double) -> Double {
            one(each) * Double(max(last / every - step / every, 0))
        }
    }

    /// The part of the seconds, in which nothing else is planned.
    static let tolerated = 0.9...1.04
    /// The part of the seconds that is aimed at.
    static let wanted = 0.97
    /// The part of the seconds after which the pace is looked at again.
    private static let interval = 0.05

    package let budget: Budget
    /// The number of steps that was asked for, which is never exceeded; nil if only the seconds were.
    private let limit: Int?
    /// What is planned; nil if nothing is known of the steps yet.
    package private(set) var plan: StepPlan?
    /// Whether the number of steps has to be planned by the pace of the first ones.
    package private(set) var needsPace: Bool
    /// What follows the last step, in seconds of a step, besides a calibration.
    private let ending: Double
    /// What all that took in the last training of the kind; nil if there was none.
    private let usual: StepTimings.Ending?
    /// nil if nothing is measured.
    private var scoring: Scoring?
    /// The last but one look at the clock, and the last.
    private var marks: [Mark] = []

    /// `plan` is that of an equal training; `ending` is how many steps the last measurements on
    /// held-out slices take as long as; `usual` is what followed the last step of another training of the kind.
    package init(
        _ budget: Budget, plan given: StepPlan? = nil, ending: Double = 0, usual: StepTimings.Ending? = nil,
        scoring: Scoring? = nil
    ) {
        self.scoring = scoring
        self.budget = budget
        self.ending = ending
        self.usual = usual
        limit = [given?.steps, budget.steps].compactMap(\.self).min()
        needsPace = given == nil && budget.seconds != nil
        plan = limit.map { given?.steps == $0 ? given ?? StepPlan($0) : StepPlan($0) }
    }

    /// The number of steps in all, if known.
    package var steps: Int? { plan?.steps }

    /// The progress by which the learning rate falls, 0 … 1.
    package func used(step: Int) -> Double { plan?.used(step: step) ?? 0 }

    /// The steps in all by which the learning rate goes when `step` are done; nil until the first plan counts.
    package func planned(at step: Int) -> Int? { plan?.planned(at: step) }

    /// Whether all steps are done.
    package func isOver(step: Int) -> Bool { steps.map { step >= $0 } ?? false }

    /// Plans the steps in all when `step` are done, within the number that was asked for.
    package mutating func set(_ steps: Int, after step: Int, at seconds: Double) {
        let steps = max(min(steps, limit ?? .max), step)
        needsPace = false
        if marks.isEmpty { marks = [mark(step, seconds)] }
        guard plan?.steps != steps else { return }
        if plan == nil { plan = StepPlan(steps, after: step) } else { plan?.change(to: steps, after: step) }
    }

    /// The number of steps in all that ends after a part of the seconds, at `each` seconds per step.
    package func steps(
        endingAt part: Double = wanted, each: Double, after step: Int, at seconds: Double
    ) -> Double {
        guard let last = budget.seconds else { return Double(limit ?? step) }
        let rest = max(part * last - seconds - storing, 0) / max(each, 1e-9)
        // What follows the steps depends on their number.
        var left = rest
        for _ in 0..<4 { left = max(rest - share * reckoned(after: Double(step) + left), 0) }
        return Double(step) + left
    }

    private var share: Double { usual?.share ?? 1 }
    /// The seconds from the result until it is stored.
    var storing: Double { usual?.storing ?? 0 }

    /// What follows so many steps, in steps, as it is reckoned without having been measured.
    package func reckoned(after steps: Double) -> Double { ending + Self.settling(after: steps) }

    /// The seconds that are expected from the last step to the result.
    package func following(step: Int, seconds: Double) -> Double {
        pace(step: step, seconds: seconds) * share * reckoned(after: Double(step))
    }

    /// What a calibration and a look at learned slices take after so many steps, in steps: `Trainer` limits both to a
    /// part of them.
    private static func settling(after steps: Double) -> Double {
        min(steps / 4, Double(Trainer.calibrationPatches)) * Trainer.calibrationCost
            + min(steps / 12, Double(Trainer.learnedTiles)) * Trainer.learnedCost
    }

    /// Looks at the clock after a step, and plans another number of steps if the training would end far from its
    /// seconds.
    package mutating func look(step: Int, seconds: Double) {
        // The first step waits for memory to be mapped.
        if marks.isEmpty { marks = [mark(step, seconds)] }
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
        let least = step > mark.step ? min(pace(since: mark, step, seconds), usual) : usual
        if isDue { marks = [mark, self.mark(step, seconds)] }
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

    /// Notes the seconds of a measurement on held-out slices between two steps.
    package mutating func note(scoring seconds: Double) { scoring?.note(seconds) }

    private func mark(_ step: Int, _ seconds: Double) -> Mark {
        Mark(step: step, seconds: seconds, scored: scoring?.seconds)
    }

    /// The mean seconds per step of late, the first left out, with its part of the measurements; 0 before a step.
    package func pace(step: Int, seconds: Double) -> Double { pace(since: marks.first, step, seconds) }

    private func pace(since mark: Mark?, _ step: Int, _ seconds: Double) -> Double {
        let each = plainPace(since: mark, step, seconds)
        return each + (scoring?.part(each) ?? 0)
    }

    /// The seconds of a step alone, however many of those since the mark were measured after.
    private func plainPace(since mark: Mark?, _ step: Int, _ seconds: Double) -> Double {
        let scored = scoring?.seconds ?? 0
        guard let mark, step > mark.step else { return max(seconds - scored, 0) / Double(max(step, 1)) }
        return max(seconds - mark.seconds - (scored - (mark.scored ?? 0)), 0) / Double(step - mark.step)
    }

    /// The estimated remaining seconds, of the steps and what follows them, which never exceed the budget.
    package func eta(step: Int, seconds: Double) -> Double? {
        let left = budget.seconds.map { max($0 - seconds, 0) }
        guard let steps, step > 0 else { return left }
        let each = plainPace(since: marks.first, step, seconds)
        let rest = each * Double(max(steps - step, 0)) + (scoring?.seconds(after: step, until: steps, each) ?? 0)
        let following = pace(step: step, seconds: seconds) * share * reckoned(after: Double(steps))
        return min(rest + following + storing, left ?? .infinity)
    }
}
