internal import JSON

/// The number of steps of a training, and the changes that were made to it on the way.
///
/// JSON: the number, or the plans as `[[after, steps], …]`: after so many steps, so many in all were planned.
package struct StepPlan: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        /// The number of steps that were done when it was made.
        package var after: Int
        /// The number of steps in all.
        package var steps: Int
    }

    /// The plans in the order in which they were made; at least one.
    package private(set) var changes: [Change]

    /// The number of steps in all.
    package var steps: Int { changes[changes.count - 1].steps }

    /// A plan that was made before the first step, or in the first twentieth, whose rate does not depend on it.
    package init(_ steps: Int) { changes = [Change(after: StepPlan.hold(steps), steps: steps)] }

    /// The plan of `steps` made when `step` of them were done.
    init(_ steps: Int, after step: Int) {
        changes = [Change(after: max(step, StepPlan.hold(steps)), steps: steps)]
    }

    /// Whether it is a number alone.
    package var isPlain: Bool { self == StepPlan(steps) }

    /// Plans another number of steps, when `step` of them are done.
    package mutating func change(to steps: Int, after step: Int) {
        guard step > changes[changes.count - 1].after else {
            // The plan before has not counted yet.
            changes.removeLast()
            changes.append(
                changes.isEmpty ? StepPlan(steps, after: step).changes[0] : Change(after: step, steps: steps))
            return
        }
        changes.append(Change(after: step, steps: max(steps, step)))
    }

    /// The progress after a number of steps, 0 … 1, by which the rate falls: 0 until the first plan counts, then towards
    /// 1 at the last step of the plan that counts.
    package func used(step: Int) -> Double {
        var (used, start) = (0.0, changes[0].after)
        for (place, change) in changes.enumerated() where change.after <= step {
            let end = place + 1 < changes.count ? min(changes[place + 1].after, step) : step
            let rest = Double(max(change.steps - start, 0))
            used += (1 - used) * (rest > 0 ? min(Double(end - start) / rest, 1) : 1)
            start = end
        }
        return step >= steps ? 1 : used
    }

    /// The steps in all that are planned when so many are done; nil until the first plan counts.
    package func planned(at step: Int) -> Int? { changes.last { $0.after <= step }?.steps }

    /// The steps of the first twentieth, in which the rate stays, so that the pace can be seen before the plan is made.
    private static func hold(_ steps: Int) -> Int { steps / 20 }
}

extension StepPlan {
    /// A number of steps, or the list of plans.
    static let schema: JSONSchema<StepPlan> = {
        let count = Budget.stepCount
        let pair = JSONSchema<[Int]>.list(of: .integer(in: 0...100_000_000), "a pair [after, steps]", count: 2...2)
        let list = JSONSchema<[[Int]]>.list(of: pair, "a list of pairs [after, steps]", count: 1...1000)
        return JSONSchema<StepPlan>(.either([count.description, list.description])) { value, path throws(JSONError) in
            guard case .array = value else { return StepPlan(try count.read(value, path)) }
            guard let plan = StepPlan(try list.read(value, path)) else {
                throw .invalid(
                    field: path,
                    detail: "needs pairs [after, steps] that follow one another, such as [[5,100],[40,120]]")
            }
            return plan
        } write: { plan in
            if plan.isPlain { return count.write(plan.steps) }
            return list.write(plan.changes.map { [$0.after, $0.steps] })
        }
    }()

    /// Nil unless they are pairs of steps done and steps in all that follow one another.
    private init?(_ pairs: [[Int]]) {
        guard !pairs.isEmpty, pairs.allSatisfy({ $0[0] <= $0[1] && $0[1] > 0 }),
            zip(pairs, pairs.dropFirst()).allSatisfy({ $0[0] < $1[0] && $1[0] <= $0[1] })
        else { return nil }
        changes = pairs.map { Change(after: $0[0], steps: $0[1]) }
    }
}

extension StepPlan: Codable {
    package init(from decoder: any Decoder) throws {
        self = try StepPlan.schema.read(try JSONValue(from: decoder), "steps")
    }

    package func encode(to encoder: any Encoder) throws { try StepPlan.schema.write(self)?.encode(to: encoder) }
}
