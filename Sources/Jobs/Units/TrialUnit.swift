internal import Network
internal import Store
internal import Training

/// A trial of an experiment without the store: all that its result depends on.
struct TrialUnit: Sendable {
    var trial: Trial
    /// Those that the trial names, with the slices that it names.
    var volumes: [ExperimentVolume]
    /// The voxels of each volume, and of its truth, in the store; empty on a worker.
    var grids: [(image: VoxelGridID, truth: VoxelGridID?)] = []
    /// The names of the experiment's classes.
    var classes: [String]
    /// The most bytes for the activations of a tile.
    var tileMemory: Int
    /// The checkpoint of an interrupted attempt.
    var resume: Checkpoint?
    /// Seconds between checkpoints.
    var interval: Double

    /// Trains and scores on the caller's thread.
    func run(timings: StepTimings, context: some UnitContext, engine: any ComputeEngine) throws -> TrialRun.Ending {
        let run = TrialRun(
            trial, volumes: volumes, classes: classes, tileMemory: tileMemory, timings: timings, engine: engine)
        var trained = 0.0
        return try run.run(
            resume: resume, every: interval,
            progress: { progress in
                if case .training(let training) = progress { trained = training.seconds }
                var now = JobProgress(progress)
                now.seconds = trained
                context.report(now)
                return context.verdict
            }, checkpoint: { try context.keep($0) })
    }
}
