internal import Network
internal import Volumes

/// The end of a training: choosing its final weights and their statistics.
extension Trainer {
    /// The maximum number of batches that the final running statistics are measured on.
    static let calibrationPatches = 24
    /// What one of them takes, in steps.
    static let calibrationCost = 1.0 / 3

    /// Measures the present candidate on the held-out slices, and keeps its weights if it is the best so far.
    func measure(_ scorer: HeldOutScorer) throws -> Double? {
        try checkFinite()
        guard let score = agreed(try scorer.score(each: { advance(Trainer.cost(tiles: 1, by: recipe)) })) else {
            return nil
        }
        state.heldOutIoU = score
        if recipe.heldOut.keep == .best, score >= state.bestIoU ?? 0 {
            try weightSelection.keep()
            state.bestIoU = score
        }
        return score
    }

    /// Chooses the final weights, and calibrates their statistics.
    func finish() throws {
        if let scorer, step % scorer.interval(batch: recipe.batch) != 0 {
            let score = try measure(scorer)
            state.curve.add(step: step, seconds: state.seconds, loss: state.loss, heldOutIoU: score)
        }
        try settle()
        warnAboutSteps()
    }

    /// Goes back to the last good weights after a divergence, and makes them the final ones; throws the error if there are
    /// none, or if it is another one.
    func goBack(after error: TrainingError) throws {
        guard case .diverged(let last, let rate) = error, let good = state.watch?.step, try weightSelection.goBack()
        else { throw error }
        (step, ending) = (good, nil)
        beginEnding()
        state.loss = state.curve.points.last { $0.step <= good }?.loss ?? 0
        if let scorer { _ = try measure(scorer) }
        warnings.append(
            "The training diverged: after step \(last) its loss was no number any more. The model has only what was "
                + "learned until step \(good); a rate below \(rate) may keep the loss finite.")
        try settle()
    }

    /// Makes the best weights, or else the last, the final ones, and measures what belongs to them.
    private func settle() throws {
        state.heldOutIoU = state.bestIoU ?? state.heldOutIoU
        try weightSelection.settle()
        try calibrate()
        try checkFinite()
        try chooseStatistics()
        try checkLearned()
        weightSelection.forgetGood()
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
        var random = Random(seed: recipe.seed &+ 0xca11b &+ Trainer.offset(of: ranks))
        let zeros = [Float](repeating: 0, count: learner.graph.running.reduce(0) { $0 + $1.count })
        var sums = zeros
        for _ in 0..<count {
            try learner.push(zeros, to: .runningStatistics)
            try load(try sampler.batch(of: recipe.batch, using: &random))
            try learner.forward()
            let running = try learner.pull(.runningStatistics)
            for place in sums.indices { sums[place] += running[place] }
            advance(Trainer.calibrationCost)
        }
        let whole = NetworkGraph.momentum * Float(count)
        try learner.push(sums.map { $0 / whole }, to: .runningStatistics)
        try weightSelection.follow()
    }

    /// Chooses the statistics with the better score on the held-out slices, if the recipe has `auto`.
    private func chooseStatistics() throws {
        guard recipe.statistics == .auto else { return }
        recipe.statistics = .fixed(.running)
        guard recipe.norm == .batch, let running = agreed(try makeScorer(.running)?.score()),
            let current = agreed(try makeScorer(.current)?.score()), current > running
        else { return }
        recipe.statistics = .fixed(.current)
        state.heldOutIoU = current
    }
}
