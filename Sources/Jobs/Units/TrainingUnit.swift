internal import Network
internal import Store
internal import Training

/// A training without the store: all that its model depends on.
struct TrainingUnit: Sendable {
    var volumes: [TrainingVolume]
    /// The voxels of each volume in the store; empty on a worker.
    var images: [VoxelGridID] = []
    var classes: [String]
    /// Its `auto` values may be open.
    var recipe: Recipe
    var budget: Budget
    /// The model to start from.
    var start: Checkpoint?
    /// The checkpoint of an interrupted attempt.
    var resume: Checkpoint?
    /// Seconds between checkpoints.
    var interval: Double

    /// Trains on the caller's thread, with the other ranks of the engine if it has some.
    func run(
        timings: StepTimings, context: some UnitContext, engine: any ComputeEngine
    ) throws -> TrainingOutcome {
        let ranks = engine.ranks
        let trainer = try Trainer(
            volumes: volumes, classes: classes, recipe: recipe, budget: budget, start: start, resume: resume,
            timings: timings, ranks: ranks, engine: engine)
        let result = try trainer.run(
            progress: { progress in
                if context.report(JobProgress(progress)) || progress.isMeasured, progress.step > 0 {
                    context.add(curve: [CurvePointRecord(of: progress)])
                }
                let verdict = context.verdict
                guard let ranks else { return verdict }
                // All stop after the same step.
                return ranks.first(verdict == .stop ? 1 : 0) == 1 ? .stop : .proceed
            }, finishing: { context.report(JobProgress($0)) }, every: interval, checkpoint: { try context.keep($0) })
        var outcome = TrainingOutcome(result, kind: trainer.kind)
        outcome.metrics.ranks = ranks?.count
        return outcome
    }
}

extension CurvePointRecord {
    fileprivate init(of progress: TrainingProgress) {
        self.init(
            step: progress.step, seconds: progress.seconds, loss: progress.loss.isFinite ? progress.loss : nil,
            heldOutIoU: progress.isMeasured ? progress.heldOutIoU : nil)
    }
}
