package import Network

/// Runs the trials of a plan one after the other, on the caller's thread.
package struct Experiment {
    /// The progress of the experiment.
    package struct Progress: Sendable {
        /// The number of the trial, from 1.
        package var run: Int
        /// The number of trials.
        package var runs: Int
        package var title: String
        package var trial: TrialProgress
        /// Seconds spent on all trials so far.
        package var seconds: Double
        /// Seconds left, if they can be estimated.
        package var eta: Double?
    }

    /// How the experiment ended.
    package struct Outcome: Sendable {
        /// The results of the finished trials, in the order of the plan.
        package var results: [TrialResult]
        /// Whether it was stopped by `progress` before all trials were done.
        package var isStopped: Bool
        /// The checkpoint from which the stopped trial continues.
        package var checkpoint: Checkpoint?
    }

    private let plan: ExperimentPlan
    private let volumes: [ExperimentVolume]
    private let tileMemory: Int
    private let timings: StepTimings
    private let engine: any ComputeEngine

    /// `tileMemory` limits the activations of a predicted tile, in bytes.
    package init(
        _ plan: ExperimentPlan, volumes: [ExperimentVolume], tileMemory: Int = TilePlan.memory,
        timings: StepTimings = StepTimings(), engine: any ComputeEngine
    ) {
        self.plan = plan
        self.volumes = volumes
        self.tileMemory = tileMemory
        self.timings = timings
        self.engine = engine
    }

    /// Runs the trials that are not done.
    ///
    /// `done` are the results of an interrupted attempt, `resume` is the checkpoint of its last trial. `finished` is
    /// called with all results after each trial, `checkpoint` with all results and a checkpoint during one.
    package func run(
        done: [TrialResult] = [], resume: Checkpoint? = nil, progress: (Progress) -> Verdict,
        finished: ([TrialResult]) throws -> Void = { _ in }, checkpoint: ([TrialResult], Checkpoint) throws -> Void
    ) throws -> Outcome {
        var results = done
        var resume = resume
        for (number, trial) in plan.trials.enumerated().dropFirst(done.count) {
            let before = results.reduce(0) { $0 + $1.seconds + $1.predictionSeconds }
            let later = expected(plan.trials[(number + 1)...], after: results)
            let run = TrialRun(
                trial, volumes: volumes, classes: plan.classes, tileMemory: tileMemory, timings: timings,
                engine: engine)
            var trained = 0.0
            let ending = try run.run(
                resume: resume,
                progress: { now in
                    var eta: Double?
                    if case .training(let training) = now { (trained, eta) = (training.seconds, training.eta) }
                    let left = eta.flatMap { eta in later.map { eta + $0 } }
                    return progress(
                        Progress(
                            run: number + 1, runs: plan.trials.count, title: trial.title, trial: now,
                            seconds: before + trained, eta: left))
                }, checkpoint: { try checkpoint(results, $0) })
            switch ending {
            case .done(let result):
                results.append(result)
                try finished(results)
            case .stopped(let checkpoint):
                return Outcome(results: results, isStopped: true, checkpoint: checkpoint)
            }
            resume = nil
        }
        return Outcome(results: results, isStopped: false, checkpoint: nil)
    }

    /// The expected seconds of trials: from their budgets, or else from the mean of the finished ones.
    private func expected(_ trials: ArraySlice<Trial>, after results: [TrialResult]) -> Double? {
        if trials.isEmpty { return 0 }
        let known = trials.compactMap(\.budget.seconds)
        if known.count == trials.count { return known.reduce(0, +) }
        guard !results.isEmpty else { return nil }
        let mean = results.reduce(0) { $0 + $1.seconds + $1.predictionSeconds } / Double(results.count)
        return mean * Double(trials.count)
    }
}
