internal import Foundation
package import Network
internal import Volumes

/// Trains a network on annotated slices, on the caller's thread, until the budget is used up.
package final class Trainer {
    /// The recipe with every `auto` resolved, except those that only the training itself decides.
    package internal(set) var recipe: Recipe
    let classes: [String]
    let budget: Budget
    let learner: any Learner
    let sampler: PatchSampler
    private let queue: PatchQueue
    /// The seconds of the first steps, by the shape of their patch, until the number of steps is planned.
    var paces: [PatchShape: [Double]] = [:]
    let weightSelection: WeightSelection
    let scorer: HeldOutScorer?
    let makeScorer: (BatchNormStatistics) throws -> HeldOutScorer?
    /// A scorer on slices that were learned from, in so many tiles.
    let makeLearnedScorer: (BatchNormStatistics, Int) throws -> HeldOutScorer?
    /// Whether the training began with random weights.
    let isFromScratch: Bool
    var warnings: [String] = []
    /// What the cores were used for before.
    let loadBefore = MachineLoad()
    var state: TrainerState
    var schedule: StepSchedule
    var step = 0
    let isTimed: Bool
    let timings: StepTimings
    /// The random generator's state before the next batch is drawn.
    private var randomState: [UInt64]
    /// The properties that the pace depends on, besides the machine.
    package let kind: StepTimings.Kind

    /// Plans the training and starts to prepare patches.
    ///
    /// `start` gives the weights to fine-tune; its architecture replaces the recipe's, and classes may have been
    /// appended since. `resume` is a checkpoint that `run` passed to its closure: the training continues as if it had
    /// not been interrupted. With `isTimed`, steps are timed first to plan a budget in seconds, even if `timings` has
    /// values from earlier trainings, so that all trainings in a comparison are planned in the same way.
    package init(
        volumes: [TrainingVolume], classes: [String], recipe wanted: Recipe, budget: Budget,
        start: Checkpoint? = nil, resume: Checkpoint? = nil, isTimed: Bool = false,
        timings: StepTimings = StepTimings(),
        engine: any ComputeEngine
    ) throws {
        self.isTimed = isTimed
        self.timings = timings
        let setup = try TrainerSetup(volumes: volumes, classes: classes.count, recipe: wanted, start: resume ?? start)
        let (recipe, graph) = (setup.recipe, setup.network.graph)
        self.recipe = recipe
        self.classes = classes
        self.budget = budget
        let image = setup.patch
        let output = try graph.output(for: image)
        try volumes.checkContrast()
        let volumes = try volumes.map { try $0.withoutNonFinite().resampled(by: recipe, classes: classes.count) }
            .learnable(in: graph.configuration.dimensions, recipe.sampling.planes)
        let sampler = try PatchSampler(
            volumes, classes: classes.count, image: image, labels: output, augmentation: recipe.augmentation,
            sampling: recipe.sampling, slabs: try setup.slabs.mapValues { try graph.output(for: $0) },
            bands: setup.bands, inputs: recipe.inputs, scaling: recipe.intensities)
        self.sampler = sampler
        let learner = try engine.makeLearner(
            for: setup.network,
            LearnerSettings(
                classWeights: try recipe.loss.weights(counts: sampler.index.counts), dice: recipe.loss.diceWeight,
                deep: recipe.loss.deep, optimizer: recipe.optimizer.rule, hasAverage: recipe.average != nil))
        self.learner = learner
        var random = Random(seed: recipe.seed &+ 0x5eed)
        state = try TrainerState()
        if let resume {
            guard let stored = Random(state: resume.randomState) else {
                throw TrainingError.mismatch("The checkpoint cannot be resumed: it has no random state.")
            }
            try resume.restore(learner)
            random = stored
            step = resume.step
            state = try TrainerState(metadata: resume.metadata)
        }
        randomState = random.state
        let weightSelection = WeightSelection(of: learner, decay: recipe.average?.decay)
        self.weightSelection = weightSelection
        kind = StepTimings.Kind(
            graph.configuration, patch: PatchShape(image: image, labels: output), recipe: recipe,
            threads: engine.threads, volumes: volumes)
        queue = PatchQueue(sampler, batch: recipe.batch, random: random)
        makeScorer = { statistics in
            try HeldOutScorer(
                volumes, learner: learner, weights: weightSelection.candidate, recipe: recipe, statistics: statistics,
                tile: output)
        }
        makeLearnedScorer = { statistics, tiles in
            try HeldOutScorer(
                volumes, learner: learner, weights: .current, recipe: recipe, statistics: statistics, tile: output,
                of: \.slices, limit: tiles)
        }
        isFromScratch = start == nil
        // Before calibration, the running statistics are those of augmented patches, not of the volumes.
        let scorer = try makeScorer(
            recipe.augmentation.changesTexture ? .current : recipe.statistics.value ?? .running)
        self.scorer = scorer
        schedule =
            state.schedule
            ?? StepSchedule(
                budget, plan: recipe.steps.value, ending: Trainer.ending(scoring: scorer?.tiles ?? 0, by: recipe))
    }

    /// Trains until the budget is used up, the held-out score stops improving or `progress` returns `.stop`.
    ///
    /// `progress` is called after every step; `checkpoint` is called every `interval` seconds with a checkpoint to
    /// resume from.
    package func run(
        progress: (TrainingProgress) -> Verdict, every interval: Double = 15,
        checkpoint save: (Checkpoint) throws -> Void = { _ in }
    ) throws -> TrainingResult {
        let clock = ContinuousClock()
        let before = state.seconds
        let began = clock.now
        var saved = before
        var ending = TrainingResult.Ending.completed
        planByLastTraining()
        while ending == .completed, !schedule.isOver(step: step) {
            let start = clock.now
            let batch = try queue.next()
            try learn(batch)
            state.seconds = before + (clock.now - began).seconds
            planByPace(batch.shape, took: (clock.now - start).seconds)
            schedule.look(step: step, seconds: state.seconds)
            let (measured, isOver) = try follow()
            if progress(report(isMeasured: measured != nil)) == .stop {
                ending = .stopped
                break
            }
            if isOver { break }
            if state.seconds - saved >= interval {
                try checkFinite()
                try save(checkpoint())
                saved = state.seconds
            }
        }
        if ending == .completed { try finish() } else { try settleForStop() }
        state.seconds = before + (clock.now - began).seconds
        return TrainingResult(
            checkpoint: try checkpoint(), recipe: recipe, steps: step, seconds: state.seconds,
            curve: state.curve.points, heldOutIoU: state.heldOutIoU, finished: ending,
            warnings: warnings)
    }

    /// Takes a training step on a batch.
    private func learn(_ batch: PreparedBatch) throws {
        try load(batch)
        state.loss = try learner.step(rate: recipe.optimizer.rate(at: schedule.used(step: step)))
        guard state.loss.isFinite else {
            throw TrainingError.diverged(step: step, rate: recipe.optimizer.rate)
        }
        step += 1
        try weightSelection.follow(step: step)
        randomState = batch.next
    }

    /// Loads a batch into the learner.
    func load(_ batch: PreparedBatch) throws {
        let channels = learner.graph.configuration.channels
        let shape = PassShape(
            input: batch.shape.image.shape(batch: recipe.batch, channels: channels),
            centre: Axis.allCases.map { batch.shape.labels[$0] })
        try learner.load(shape, images: batch.images, labels: batch.labels)
    }

    /// Extends the curve, at intervals with a measurement; `isOver` if the held-out score has stopped improving.
    private func follow() throws -> (measured: Double?, isOver: Bool) {
        var measured: Double?
        var isOver = false
        if let scorer, step % scorer.interval(batch: recipe.batch) == 0 {
            measured = try measure(scorer)
            if let measured { isOver = state.patience.isOver(after: measured, limit: recipe.heldOut.patience) }
        }
        state.curve.add(step: step, seconds: state.seconds, loss: state.loss, heldOutIoU: measured)
        return (measured, isOver)
    }

    private func report(isMeasured: Bool = false) -> TrainingProgress {
        var progress = TrainingProgress(
            step: step, steps: schedule.needsPace ? nil : schedule.steps, seconds: state.seconds,
            eta: schedule.eta(step: step, seconds: state.seconds), loss: state.loss, heldOutIoU: state.heldOutIoU)
        progress.isMeasured = isMeasured
        return progress
    }

    private func checkpoint() throws -> Checkpoint {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        state.schedule = schedule
        let metadata = [
            "recipe": String(decoding: try encoder.encode(recipe), as: UTF8.self),
            "classes": String(decoding: try encoder.encode(classes), as: UTF8.self),
            TrainerState.key: try state.text(),
        ]
        return try Checkpoint(learner, step: step, randomState: randomState, metadata: metadata)
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension OptimizerSettings {
    /// The rule that a compute engine needs.
    var rule: OptimizerRule {
        switch kind {
        case .muon: .muon(momentum: momentum, decay: decay)
        case .adam: .adam(decay: decay)
        case .sgd: .sgd(momentum: momentum, decay: decay)
        }
    }
}
