internal import Network
internal import Volumes

/// How many steps a budget in seconds is worth.
extension Trainer {
    /// What an equal training has in common with this one: annotations too, unlike what only decides the pace.
    private func equal(planned: Int? = nil) -> StepTimings.Training {
        StepTimings.Training(kind, budget: budget, counts: sampler.index.counts, planned: planned)
    }

    /// Fixes the number of steps that a budget in seconds is worth: by what they took in the last training of this kind,
    /// as in the rounds of a loop, or by timing a few; `.stop` where `progress` wanted no more of that.
    func planSteps(_ clock: ContinuousClock, _ progress: (TrainingProgress) -> Verdict) throws -> Verdict {
        guard schedule.needsPace, let limit = budget.seconds else { return .goOn }
        let usual = isTimed ? nil : timings.usual(of: kind)
        guard let each = try usual ?? measurePace(clock, within: limit, progress) else { return .stop }
        let plan = timings.plan(in: limit - state.seconds, each: each, usual: usual != nil, for: equal())
        schedule.set(rest: plan.steps, after: step, at: state.seconds, repeated: plan.isRepeated)
        return .goOn
    }

    /// Seconds of a step, by timing a few that leave no trace: the network is as before.
    ///
    /// `nil` where `progress` wanted to stop.
    private func measurePace(
        _ clock: ContinuousClock, within limit: Double, _ progress: (TrainingProgress) -> Verdict
    ) throws -> Double? {
        let before = try learner.pull(.weights(.current))
        let pace = try timeSteps(clock, within: limit, progress)
        try learner.push(before, to: .weights(.current))
        return pace
    }

    /// The same, of a network that may change; the patches are the first that it will learn from.
    private func timeSteps(
        _ clock: ContinuousClock, within limit: Double, _ progress: (TrainingProgress) -> Verdict
    ) throws -> Double? {
        let began = clock.now
        func passed() -> Double { (clock.now - began).seconds }
        var taken: [PreparedBatch] = []
        var times: [PatchShape: [Double]] = [:]
        while taken.count <= StepTimings.timed, passed() < limit * (taken.count < 2 ? 0.2 : 0.05) {
            let start = passed()
            let batch = try nextBatch()
            let waited = passed() - start
            // Planning for a shape, done once, is no part of a step.
            try load(batch)
            // Nor is what the first one of it waits for: memory that nobody has touched.
            if times[batch.shape] == nil { try evaluate(batch) }
            let loaded = passed()
            try evaluate(batch)
            times[batch.shape, default: []].append(waited + passed() - loaded)
            taken.append(batch)
            if progress(report()) == .stop { return nil }
        }
        // The median has a step's share of the preparation of patches beside it, and of nothing else; the lower one of
        // two, as what disturbs a few steps only ever makes them slower.
        var usual: [PatchShape: Double] = [:]
        for (shape, seconds) in times {
            usual[shape] = timings.fastest(seconds.sorted()[(seconds.count - 1) / 2], of: kind, taking: shape)
        }
        // Shapes that a dozen patches don't show are rare, and taken as the others; so is one that only they show.
        let drawn = sampler.shapes()
        let shares = usual.mapValues { _ in 1e-3 }.merging(drawn.filter { usual[$0.key] != nil }) { $1 }
        let sum = shares.reduce(0) { $0 + $1.value * (usual[$1.key] ?? 0) }
        var each = taken.isEmpty ? limit : sum / shares.values.reduce(0, +)
        if let scorer {
            let start = passed()
            _ = try scorer.score()
            each += (passed() - start) / Double(scorer.interval(batch: recipe.batch))
        }
        waiting = taken
        state.seconds += passed()
        return each
    }

    /// Takes more steps, once, where those so far were far faster than those that were timed.
    func reviewPace() {
        guard let each = schedule.pace(atReview: step, seconds: state.seconds), let limit = budget.seconds,
            let planned = schedule.steps
        else { return }
        let plan = timings.plan(in: limit - state.seconds, each: each, for: equal(planned: planned))
        schedule.raise(rest: plan.steps, after: step)
    }
}
