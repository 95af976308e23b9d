internal import Store
internal import Training
internal import Volumes

/// What computes the units of jobs: this process, or a worker on another machine.
protocol UnitComputer: Sendable {
    /// Trains until the budget is used up or the context says stop.
    func train(_ unit: TrainingUnit, context: some UnitContext) async throws -> TrainingOutcome

    /// Trains and scores a trial of an experiment until it is done or the context says stop.
    func trial(_ unit: TrialUnit, context: some UnitContext) async throws -> TrialRun.Ending

    /// Predicts a volume, or a tile, into grids; `false` if `progress` stopped it.
    func predict(
        _ unit: PredictionUnit, into grids: PredictionGrids, progress: @escaping @Sendable (Double) -> Verdict
    ) async throws -> Bool

    /// Makes grids readable in which everything is.
    func finish(_ grids: PredictionGrids) async throws -> PredictionGrids.Finished
}

/// Computes on the thread of the process, by the code that workers use, too.
struct LocalComputer: UnitComputer {
    let compute: Compute
    let timings: StepTimings

    func train(_ unit: TrainingUnit, context: some UnitContext) async throws -> TrainingOutcome {
        try await compute.perform { try unit.run(timings: timings, context: context, engine: $0) }
    }

    func trial(_ unit: TrialUnit, context: some UnitContext) async throws -> TrialRun.Ending {
        try await compute.perform { engine in
            defer { Allocator.releaseFreeMemory() }
            return try unit.run(timings: timings, context: context, engine: engine)
        }
    }

    func predict(
        _ unit: PredictionUnit, into grids: PredictionGrids, progress: @escaping @Sendable (Double) -> Verdict
    ) async throws -> Bool {
        try await compute.predict(unit, progress: progress) { box, labels, probabilities in
            let voxels = box.extent.voxels
            try grids.write(box, labels) { channel in
                StoredProbability.encode(probabilities[channel * voxels..<(channel + 1) * voxels])
            }
            Allocator.releaseFreeMemory()
        }
    }

    func finish(_ grids: PredictionGrids) async throws -> PredictionGrids.Finished {
        try await compute.perform { _ in try grids.finish() }
    }
}
