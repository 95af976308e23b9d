internal import Network
internal import Volumes

/// Turning a budget in seconds into a number of steps.
extension Trainer {
    /// The steps that are timed at most, and the part of the seconds that they may take.
    static let (timed, timedPart) = (12, 0.04)

    /// The last measurements on so many tiles of held-out slices, in steps.
    package static func ending(scoring tiles: Int, by recipe: Recipe) -> Double {
        let times = recipe.statistics == .auto ? 3 : 1
        return cost(tiles: tiles * times, by: recipe)
    }

    /// The predicted tiles in steps: one costs about a third of a patch, or twice that if training computes the decoder
    /// about the slice alone.
    static func cost(tiles: Int, by recipe: Recipe) -> Double {
        Double(tiles * (recipe.sampling.band == nil ? 1 : 2)) / Double(3 * recipe.batch)
    }

    /// Plans by the pace of the last training of this kind, as in repeated rounds of annotation and training.
    func planByLastTraining() {
        guard schedule.needsPace, !isTimed, let each = timings.usual(of: kind) else { return }
        plan(each: each)
    }

    /// Notes the seconds that a step took, and plans the number of steps once the pace is known.
    func planByPace(_ shape: PatchShape, took seconds: Double) {
        guard schedule.needsPace, let last = budget.seconds else { return }
        paces[shape, default: []].append(seconds)
        let count = paces.values.reduce(0) { $0 + $1.count }
        guard count > Trainer.timed || state.seconds > last * (count < 2 ? 0.2 : Trainer.timedPart) else { return }
        plan(each: pace)
    }

    private func plan(each: Double) {
        func steps(_ part: Double) -> Double {
            schedule.steps(endingAt: part, each: each, after: step, at: state.seconds)
        }
        let (low, high) = (StepSchedule.tolerated.lowerBound, StepSchedule.tolerated.upperBound)
        let equal = StepTimings.Training(kind, budget: budget, counts: sampler.index.counts)
        let count = timings.plan(
            steps(StepSchedule.wanted), within: steps(low + 0.01)...steps(high - 0.01), for: equal)
        schedule.set(max(min(count, Int(steps(high))), 1), after: step, at: state.seconds)
    }

    /// The mean seconds per step by those that were timed.
    ///
    /// The median of each shape includes the usual wait for patches and leaves out rare disturbances. Of two middle
    /// values the lower one counts, as disturbances only make steps slower. The first step of a shape is
    /// planned and waits for memory to be mapped; it counts only if there is no other. Shapes that differ by the order of
    /// their axes are taken as one, since a dozen steps may show each of them only once.
    private var pace: Double {
        let usual = Dictionary(grouping: paces) { $0.key.ordered }.mapValues { alike in
            let settled = alike.flatMap { $0.value.dropFirst() }.sorted()
            let times = settled.isEmpty ? alike.flatMap(\.value).sorted() : settled
            return times[(times.count - 1) / 2]
        }
        // Shapes that weren't timed are rare, and ignored; timed shapes that `shapes()` lacks have almost no weight.
        let drawn = Dictionary(sampler.shapes().map { ($0.key.ordered, $0.value) }) { $0 + $1 }
        let shares = usual.mapValues { _ in 1e-3 }.merging(drawn.filter { usual[$0.key] != nil }) { $1 }
        let sum = shares.reduce(0) { $0 + $1.value * (usual[$1.key] ?? 0) }
        let each = sum / shares.values.reduce(0, +)
        guard let scorer else { return each }
        let scored = Trainer.cost(tiles: scorer.tiles, by: recipe)
        return each * (1 + scored / Double(scorer.interval(batch: recipe.batch)))
    }
}
