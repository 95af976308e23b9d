internal import Network
internal import Tensors
internal import Volumes

/// What happens before the first step and after the last one.
extension Trainer {
    /// Patches that the final running statistics are measured on, at most.
    private static let calibrationPatches = 24

    /// What an equal training has in common with this one: annotations too, unlike what only decides the pace.
    private var training: String { "\(kind) \(budget) \(sampler.index.counts)" }

    /// Fixes the number of steps that a budget in seconds is worth: by what they took in the last training of this kind,
    /// as in the rounds of a loop, or by timing a few; `.stop` where `progress` wanted no more of that.
    func planSteps(_ clock: ContinuousClock, _ progress: (TrainingProgress) -> Verdict) throws -> Verdict {
        guard course.needsPace, let limit = budget.seconds else { return .goOn }
        let usual = isTimed ? nil : Pace.usual(key: kind)
        guard let each = try usual ?? measurePace(clock, within: limit, progress) else { return .stop }
        let plan = Pace.plan(in: limit - state.seconds, each: each, usual: usual != nil, key: training)
        course.set(rest: plan.steps, after: step, at: state.seconds, repeated: plan.isRepeated)
        return .goOn
    }

    /// Seconds of a step, by timing a few that leave no trace.
    ///
    /// The network is as before, and their patches are the first that it will learn from. `nil` where `progress` wanted to stop.
    private func measurePace(
        _ clock: ContinuousClock, within limit: Double, _ progress: (TrainingProgress) -> Verdict
    ) throws -> Double? {
        let before = Array(network.parameters.values)
        defer { _ = network.parameters.values.update(fromContentsOf: before) }
        let began = clock.now
        func passed() -> Double { (clock.now - began).seconds }
        var taken: [PreparedBatch] = []
        var times: [PatchShape: [Double]] = [:]
        while taken.count <= Pace.timed, passed() < limit * (taken.count < 2 ? 0.2 : 0.05) {
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
            usual[shape] = Pace.fastest(seconds.sorted()[(seconds.count - 1) / 2], key: "\(kind) \(shape)")
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
        guard let each = course.pace(atReview: step, seconds: state.seconds), let limit = budget.seconds,
            let planned = course.steps
        else { return }
        let plan = Pace.plan(in: limit - state.seconds, each: each, key: "\(training) instead of \(planned)")
        course.raise(rest: plan.steps, after: step)
    }

    /// Measures the present candidate on the held-out slices, and keeps it if it is the best so far.
    func measure(_ scorer: HeldOutScorer) throws -> Double? {
        guard let score = try scorer.score() else { return nil }
        state.heldOutIoU = score
        if recipe.heldOut.keep == .best, score >= state.bestIoU ?? 0 {
            keeper.keep()
            state.bestIoU = score
        }
        return score
    }

    /// Settles for the weights to keep, and what belongs to them.
    func finish() throws {
        if let each = course.pace(step: step, seconds: state.seconds) { Pace.note(each, key: kind) }
        if let scorer, step % scorer.interval(batch: recipe.batch) != 0 {
            let score = try measure(scorer)
            state.curve.add(step: step, seconds: state.seconds, loss: state.loss, heldOutIoU: score)
        }
        state.heldOutIoU = state.bestIoU ?? state.heldOutIoU
        keeper.settle()
        try calibrate()
        try chooseStatistics()
        recipe.steps = course.steps.map { course.isRepeatable ? .fixed($0) : .auto } ?? .auto
    }

    /// Makes the best of a training that was stopped: its running statistics are not calibrated, and of no use where
    /// augmentation changes the texture.
    func settleForStop() {
        guard recipe.norm == .batch, recipe.augmentation.changesTexture else { return }
        recipe.statistics = .fixed(.current)
    }

    /// Sets the running statistics to the mean of those that the final weights have, which they follow with a delay that
    /// matters after few steps ("precise batch norm", Wu and Johnson 2021); forward passes only, about a twelfth of the
    /// steps' time at most.
    ///
    /// On patches as the volumes have them, for so they are predicted: interpolation alone makes those of noisy images
    /// far smaller.
    private func calibrate() throws {
        let count = min(Trainer.calibrationPatches, step / 4)
        guard recipe.norm == .batch, count > 0 else { return }
        let sampler = sampler.plain
        var random = Random(seed: recipe.seed &+ 0xca11b)
        let running = network.parameters.running
        var sums = [Float](repeating: 0, count: running.count)
        for _ in 0..<count {
            running.update(repeating: 0)
            _ = try load(try sampler.batch(of: recipe.batch, using: &random)).forwardLogits()
            for place in sums.indices { sums[place] += running[place] }
        }
        let whole = NormalizationParameters.momentum * Float(count)
        for place in sums.indices { running[place] = sums[place] / whole }
        keeper.follow()
    }

    /// Takes the statistics that the held-out slices favour where the recipe leaves them the choice.
    private func chooseStatistics() throws {
        guard recipe.statistics == .auto else { return }
        recipe.statistics = .fixed(.running)
        guard recipe.norm == .batch, let running = try makeScorer(.running)?.score(),
            let current = try makeScorer(.current)?.score(), current > running
        else { return }
        recipe.statistics = .fixed(.current)
        state.heldOutIoU = current
    }
}
