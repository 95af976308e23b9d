internal import Network
internal import Volumes

/// What is checked of a model before it is kept.
extension Trainer {
    /// The IoU of a class on slices that were learned from, below which its predictions are doubtful.
    private static let leastLearnedOfClass = 0.1
    /// The number of tiles of slices that were learned from that are predicted: one for twelve steps, and at
    /// most so many.
    static let learnedTiles = 8
    /// What one of them takes, in steps.
    static let learnedCost = 2.0 / 3

    /// Throws if a weight or a running statistic is no number, as after an update that was too large.
    func checkFinite() throws {
        guard try learner.pull(.weights(.current)).allSatisfy(\.isFinite) else {
            throw diverged()
        }
    }

    /// That the last step was too large, with the rate that a lower one has to be below.
    func diverged() -> TrainingError {
        .diverged(
            step: step,
            rate: recipe.optimizer.startingRate(steps: schedule.planned(at: step), isNew: isFromScratch))
    }

    /// Predicts some of the slices that the training learned from, and warns if the model does not know them.
    ///
    /// Where the running statistics are why, as patches of a volume differ too much from one another, the model predicts
    /// with the statistics of each tile instead.
    func checkLearned() throws {
        guard step > 0, let scorer = try learnedScorer(recipe.statistics.value ?? .running) else { return }
        var found = try scorer.measure(each: { advance(Trainer.learnedCost) })
        if (found.meanIoU ?? 1) < LearningWarnings.leastLearned, recipe.norm == .batch,
            recipe.statistics == .fixed(.running),
            let other = try learnedScorer(.current)?.measure(),
            (other.meanIoU ?? 0) > (found.meanIoU ?? 0) + 0.2
        {
            warnings.append(
                "With the running statistics of the training the model does not know the slices that it learned from "
                    + "(mean IoU \(found.meanIoU.rounded) in place of \(other.meanIoU.rounded)), as parts of the image "
                    + "differ too much from one another; it predicts with the statistics of each tile "
                    + "(\"statistics\":\"current\").")
            recipe.statistics = .fixed(.current)
            found = other
        }
        if let warning = LearningWarnings.of(found.meanIoU, on: "the slices that it learned from") {
            warnings.append(warning)
        } else {
            for (value, name) in classes.enumerated() where sampler.index.counts[value] >= LabelWarnings.few {
                guard let iou = found.iou(value), iou < Trainer.leastLearnedOfClass else { continue }
                warnings.append(
                    "The model hardly finds the class \"\(name)\" in the slices that it learned from (IoU "
                        + "\(iou.rounded)); train for longer, or look at the labels.")
            }
        }
    }

    /// A scorer on slices that were learned from, which takes no longer than a part of the steps did.
    private func learnedScorer(_ statistics: BatchNormStatistics) throws -> HeldOutScorer? {
        try makeLearnedScorer(statistics, max(1, min(step / 12, Trainer.learnedTiles)))
    }

    /// Warns if there were so few steps that the loss was still falling.
    func warnAboutSteps() {
        let points = state.curve.points
        let others = loadBefore.flatMap { before in MachineLoad()?.others(since: before) }
        guard
            let warning = LearningWarnings.of(
                losses: points.map(\.loss), steps: step, seconds: state.seconds, budget: budget, others: others ?? 0,
                isNew: isFromScratch)
        else { return }
        warnings.append(warning)
    }
}
