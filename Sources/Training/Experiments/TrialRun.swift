package import Network
internal import Volumes

/// Trains and scores a trial, on the caller's thread.
package struct TrialRun {
    /// How the run ended.
    package enum Ending: Sendable {
        case done(TrialResult)
        /// Stopped by `progress`; a training continues from the checkpoint.
        case stopped(Checkpoint?)
    }

    private let trial: Trial
    private let volumes: [ExperimentVolume]
    /// The classes that the trial learns.
    private let classes: [String]
    /// The number of the experiment's classes.
    private let total: Int
    private let timings: StepTimings
    private let engine: any ComputeEngine
    private let tileMemory: Int

    /// `volumes` include those that the trial names; `tileMemory` limits the activations of a predicted tile, in bytes.
    package init(
        _ trial: Trial, volumes: [ExperimentVolume], classes: [String], tileMemory: Int = TilePlan.memory,
        timings: StepTimings, engine: any ComputeEngine
    ) {
        self.trial = trial
        self.volumes = volumes
        self.classes = trial.classes.map { Array(classes.prefix($0)) } ?? classes
        total = classes.count
        self.tileMemory = tileMemory
        self.timings = timings
        self.engine = engine
    }

    /// Trains, from the checkpoint of an interrupted attempt if given, and scores the network.
    ///
    /// A trial whose training fails with a `TrainingError` has a result with that error. `checkpoint` is called every
    /// `interval` seconds of the training.
    package func run(
        resume: Checkpoint? = nil, every interval: Double = 15, progress: (TrialProgress) -> Verdict,
        checkpoint: (Checkpoint) throws -> Void = { _ in }
    ) throws -> Ending {
        var result = TrialResult(trial, classes: total)
        do {
            let trainer = try Trainer(
                volumes: try inputs(), classes: classes, recipe: trial.recipe, budget: trial.budget, resume: resume,
                isTimed: true, timings: timings, engine: engine)
            let trained = try trainer.run(
                progress: { progress(.training($0)) }, every: interval, checkpoint: checkpoint)
            guard trained.finished != .stopped else { return .stopped(trained.checkpoint) }
            if trained.finished == .diverged {
                // What was learned before says nothing of the recipe.
                result.error = trained.warnings.first
                return .done(result)
            }
            result.steps = trained.steps
            result.seconds = trained.seconds
            let clock = ContinuousClock()
            let start = clock.now
            let predictor = try Predictor(
                model: trained.checkpoint, recipe: trained.recipe, engine: engine, memory: tileMemory)
            guard let matrix = try score(predictor, { progress(.predicting($0, steps: trained.steps)) }) else {
                return .stopped(trained.checkpoint)
            }
            result.predictionSeconds = (clock.now - start).seconds
            result.take(matrix)
        } catch let error as TrainingError {
            result.error = error.description
        }
        return .done(result)
    }

    /// The volumes with only the slices to learn from.
    private func inputs() throws -> [TrainingVolume] {
        try volumes.compactMap { volume in
            let slices = volume.slices(at: trial.training)
            guard slices.count == trial.training.count(where: { $0.volume == volume.name }) else {
                throw TrainingError.mismatch("Slices of \(volume.name) to learn from are missing.")
            }
            return slices.isEmpty
                ? nil
                : TrainingVolume(
                    name: volume.name, image: volume.image, statistics: volume.statistics, slices: slices)
        }
    }

    /// Counts predicted classes by true class; `nil` if stopped by `progress`.
    private func score(_ predictor: Predictor, _ progress: (Double) -> Verdict) throws -> ConfusionMatrix? {
        var matrix = ConfusionMatrix(classes: classes.count)
        for (number, name) in trial.test.volumes.enumerated() {
            guard let volume = volumes.first(where: { $0.name == name }) else { continue }
            let scored = try ScoredVoxels(trial.test, of: volume)
            let isWhole = try predictor.predict(
                volume.image, statistics: volume.statistics, where: scored.meets,
                progress: { progress((Double(number) + $0) / Double(trial.test.volumes.count)) }
            ) { box, labels, _ in
                let truth = try scored.truth(in: box)
                for index in truth.indices { matrix.count(truth: truth[index], prediction: labels[index]) }
            }
            guard isWhole else { return nil }
        }
        return matrix
    }
}
