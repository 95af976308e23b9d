package import Network
package import Tensors

/// Does the trials of a plan one after the other, on the caller's thread.
package struct Experiment {
    /// Where it stands.
    package struct Progress: Sendable {
        /// The number of the trial, from 1, and of all.
        package var run: Int
        package var runs: Int
        package var title: String
        package var trial: TrialProgress
        /// Seconds of work on all trials so far, and to go if that can be said.
        package var seconds: Double
        package var eta: Double?
    }

    /// What it ends with.
    package struct Outcome: Sendable {
        /// Those of the trials that were finished, in the order of the plan.
        package var results: [TrialResult]
        /// Whether the listener wanted no more before all were done.
        package var isStopped: Bool
        /// What the trial that was stopped goes on from.
        package var checkpoint: Checkpoint?
    }

    private let plan: ExperimentPlan
    private let volumes: [ExperimentVolume]
    private let tileMemory: Int
    private let timings: StepTimings
    private let engine: Engine

    /// `tileMemory` is for the activations of a predicted tile, in bytes.
    package init(
        _ plan: ExperimentPlan, volumes: [ExperimentVolume], tileMemory: Int = TilePlan.memory,
        timings: StepTimings = StepTimings(), engine: Engine
    ) {
        self.plan = plan
        self.volumes = volumes
        self.tileMemory = tileMemory
        self.timings = timings
        self.engine = engine
    }

    /// Does what is left to do.
    ///
    /// `done` are the results of an interrupted attempt, `resume` what its last trial goes on from. `finished` is told
    /// all results after each trial, `checkpoint` what to go on from within one.
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

    /// The seconds that trials will take: their budgets, or what those before them took.
    private func expected(_ trials: ArraySlice<Trial>, after results: [TrialResult]) -> Double? {
        if trials.isEmpty { return 0 }
        let known = trials.compactMap(\.budget.seconds)
        if known.count == trials.count { return known.reduce(0, +) }
        guard !results.isEmpty else { return nil }
        let mean = results.reduce(0) { $0 + $1.seconds + $1.predictionSeconds } / Double(results.count)
        return mean * Double(trials.count)
    }
}
