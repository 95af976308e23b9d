internal import Network
internal import Volumes

/// Turning a budget in seconds into a number of steps.
extension Trainer {
    /// The key that equal trainings share; unlike `kind`, it includes the annotations.
    private func equal(planned: Int? = nil) -> StepTimings.Training {
        StepTimings.Training(kind, budget: budget, counts: sampler.index.counts, planned: planned)
    }

    /// Sets the number of steps for a budget in seconds, from the last training of this kind (as in repeated rounds of
    /// annotation and training) or by timing a few steps; returns `.stop` if `progress` did.
    func planSteps(_ clock: ContinuousClock, _ progress: (TrainingProgress) -> Verdict) throws -> Verdict {
        guard schedule.needsPace, let limit = budget.seconds else { return .proceed }
        let usual = isTimed ? nil : timings.usual(of: kind)
        guard let each = try usual ?? measurePace(clock, within: limit, progress) else { return .stop }
        let plan = timings.plan(in: limit - state.seconds, each: each, usual: usual != nil, for: equal())
        schedule.set(rest: plan.steps, after: step, at: state.seconds, repeated: plan.isRepeated)
        return .proceed
    }

    /// Measures the seconds per step by timing a few; the network is not changed.
    ///
    /// `nil` if `progress` returned `.stop`.
    private func measurePace(
        _ clock: ContinuousClock, within limit: Double, _ progress: (TrainingProgress) -> Verdict
    ) throws -> Double? {
        let before = try learner.pull(.weights(.current))
        let pace = try timeSteps(clock, within: limit, progress)
        try learner.push(before, to: .weights(.current))
        return pace
    }

    /// Times a few steps, which may change the network; their patches are kept and are the first to learn from.
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
            // Planning for a shape is done once and isn't timed.
            try load(batch)
            // Nor is the first pass of a shape, which waits for memory to be mapped.
            if times[batch.shape] == nil { try evaluate(batch) }
            let loaded = passed()
            try evaluate(batch)
            times[batch.shape, default: []].append(waited + passed() - loaded)
            taken.append(batch)
            if progress(report()) == .stop { return nil }
        }
        // The median includes the usual wait for patches and leaves out rare disturbances. Of two middle values the
        // lower one is used, as disturbances only make steps slower.
        var usual: [PatchShape: Double] = [:]
        for (shape, seconds) in times {
            usual[shape] = timings.fastest(seconds.sorted()[(seconds.count - 1) / 2], of: kind, taking: shape)
        }
        // Shapes that weren't timed are rare, and ignored; timed shapes that `shapes()` lacks have almost no weight.
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

    /// Raises the number of steps, once, if the steps so far were far faster than the timed ones.
    func reviewPace() {
        guard let each = schedule.pace(atReview: step, seconds: state.seconds), let limit = budget.seconds,
            let planned = schedule.steps
        else { return }
        let plan = timings.plan(in: limit - state.seconds, each: each, for: equal(planned: planned))
        schedule.raise(rest: plan.steps, after: step)
    }
}
