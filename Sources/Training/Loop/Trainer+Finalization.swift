internal import Network
internal import Volumes

/// The end of a training: choosing its final weights and their statistics.
extension Trainer {
    /// The maximum number of batches that the final running statistics are measured on.
    static let calibrationPatches = 24

    /// Measures the present candidate on the held-out slices, and keeps its weights if it is the best so far.
    func measure(_ scorer: HeldOutScorer) throws -> Double? {
        try checkFinite()
        guard let score = try scorer.score() else { return nil }
        state.heldOutIoU = score
        if recipe.heldOut.keep == .best, score >= state.bestIoU ?? 0 {
            try weightSelection.keep()
            state.bestIoU = score
        }
        return score
    }

    /// Chooses the final weights, and calibrates their statistics.
    func finish() throws {
        if step >= Trainer.timed { timings.note(schedule.pace(step: step, seconds: state.seconds), of: kind) }
        if let scorer, step % scorer.interval(batch: recipe.batch) != 0 {
            let score = try measure(scorer)
            state.curve.add(step: step, seconds: state.seconds, loss: state.loss, heldOutIoU: score)
        }
        state.heldOutIoU = state.bestIoU ?? state.heldOutIoU
        try weightSelection.settle()
        try calibrate()
        try checkFinite()
        try chooseStatistics()
        try checkLearned()
        warnAboutSteps()
        recipe.steps = schedule.plan.map { .fixed($0) } ?? .auto
    }

    /// Finishes a training that was stopped: its running statistics are not calibrated, and can't be used if
    /// augmentation changes the texture.
    func settleForStop() throws {
        try checkFinite()
        guard recipe.norm == .batch, recipe.augmentation.changesTexture else { return }
        recipe.statistics = .fixed(.current)
    }

    /// Sets the running statistics to the mean of those of several batches, computed with the final weights ("precise
    /// batch norm", Wu and Johnson 2021).
    ///
    /// Without this they lag behind the weights, which matters after few steps. Forward passes only, at most about a
    /// twelfth of the steps' time. The patches are not augmented, as for prediction: interpolation alone makes the
    /// variances of noisy images far smaller.
    private func calibrate() throws {
        let count = min(Trainer.calibrationPatches, step / 4)
        guard recipe.norm == .batch, count > 0 else { return }
        let sampler = sampler.plain
        var random = Random(seed: recipe.seed &+ 0xca11b)
        let zeros = [Float](repeating: 0, count: learner.graph.running.reduce(0) { $0 + $1.count })
        var sums = zeros
        for _ in 0..<count {
            try learner.push(zeros, to: .runningStatistics)
            try load(try sampler.batch(of: recipe.batch, using: &random))
            try learner.forward()
            let running = try learner.pull(.runningStatistics)
            for place in sums.indices { sums[place] += running[place] }
        }
        let whole = NetworkGraph.momentum * Float(count)
        try learner.push(sums.map { $0 / whole }, to: .runningStatistics)
        try weightSelection.follow()
    }

    /// Chooses the statistics with the better score on the held-out slices, if the recipe has `auto`.
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
