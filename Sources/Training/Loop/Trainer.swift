internal import Foundation
package import Network
internal import Volumes

/// Trains a network on annotated slices, on the caller's thread, until the budget is used up.
package final class Trainer {
    /// What the metadata of checkpoints have `data` by.
    package static let dataKey = "training_data"

    /// The recipe with every `auto` resolved, except those that only the training itself decides.
    package internal(set) var recipe: Recipe
    let classes: [String]
    let budget: Budget
    private let data: String?
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
    /// Seconds from any moment on, and what it says at the begin of the training, interruptions left out.
    private let now: () -> Double
    /// The processes that train together; nil if it is this one alone.
    let ranks: (any RankGroup)?
    private var began = 0.0
    /// What follows the last step, while it does; what of it is told to.
    var ending: TrainingEnding?
    private(set) var finishing: (TrainingProgress) -> Void = { _ in }
    /// The random generator's state before the next batch is drawn.
    private var randomState: [UInt64]
    /// The properties that the pace depends on, besides the machine.
    package let kind: StepTimings.Kind

    /// Plans the training and starts to prepare patches.
    ///
    /// `start` gives the weights to fine-tune; its architecture replaces the recipe's, and classes may have been
    /// appended since. `resume` is a checkpoint that `run` passed to its closure: the training continues as if it had
    /// not been interrupted. With `isTimed`, steps are timed first to plan a budget in seconds, even if `timings` has
    /// values from earlier trainings, so that all trainings in a comparison are planned in the same way. `now` gives
    /// seconds from any moment on. Of several `ranks` each draws patches of its own, and all go by the clock of rank 0;
    /// `engine` has to be theirs. `data` tells what is learned from, for whoever goes on from a checkpoint.
    package init(
        volumes: [TrainingVolume], classes: [String], recipe wanted: Recipe, budget: Budget,
        start: Checkpoint? = nil, resume: Checkpoint? = nil, data: String? = nil, isTimed: Bool = false,
        timings: StepTimings = StepTimings(), now: @escaping () -> Double = Trainer.monotonic,
        ranks: (any RankGroup)? = nil, engine: any ComputeEngine
    ) throws {
        self.now = ranks.map { ranks in { ranks.first(now()) } } ?? now
        self.ranks = ranks
        self.isTimed = isTimed
        self.timings = timings
        let setup = try TrainerSetup(volumes: volumes, classes: classes.count, recipe: wanted, start: resume ?? start)
        let (recipe, graph) = (setup.recipe, setup.network.graph)
        self.recipe = recipe
        self.classes = classes
        self.budget = budget
        self.data = data
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
                deep: recipe.loss.deep, optimizer: recipe.optimizer.rule,
                roundsActivations: recipe.precision == .bf16, hasAverage: recipe.average != nil))
        self.learner = learner
        let isFollower = ranks.map { $0.rank > 0 } == true
        // That of rank 0, the only one that checkpoints have the state of.
        var leader = Random(seed: recipe.seed &+ 0x5eed)
        var random = Random(seed: recipe.seed &+ 0x5eed &+ Trainer.offset(of: ranks))
        state = try TrainerState()
        if let resume {
            guard let stored = Random(state: resume.randomState) else {
                throw TrainingError.mismatch("The checkpoint cannot be resumed: it has no random state.")
            }
            try resume.restore(learner)
            leader = stored
            random = isFollower ? Random(seed: stored.state[0] &+ Trainer.offset(of: ranks)) : stored
            step = resume.step
            state = try TrainerState(metadata: resume.metadata)
        }
        randomState = random.state
        let weightSelection = WeightSelection(of: learner, decay: recipe.average?.decay)
        self.weightSelection = weightSelection
        kind = StepTimings.Kind(
            graph.configuration, patch: PatchShape(image: image, labels: output), recipe: recipe,
            threads: engine.threads, volumes: volumes)
        // Patches of other shapes take other times, for which all ranks would wait.
        queue = PatchQueue(sampler, batch: recipe.batch, random: random, leader: isFollower ? leader : nil)
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
        isFromScratch = state.isNew ?? (start == nil)
        state.isNew = isFromScratch
        // Before calibration, the running statistics are those of augmented patches, not of the volumes.
        let scorer = try makeScorer(
            recipe.augmentation.changesTexture ? .current : recipe.statistics.value ?? .running)
        self.scorer = scorer
        schedule =
            state.schedule
            ?? StepSchedule(
                budget, plan: recipe.steps.value, ending: Trainer.ending(scoring: scorer?.tiles ?? 0, by: recipe),
                usual: isTimed ? nil : timings.ending(of: kind),
                scoring: scorer.map { scorer in
                    StepSchedule.Scoring(
                        every: scorer.interval(batch: recipe.batch),
                        cost: Trainer.cost(tiles: scorer.tiles, by: recipe))
                })
    }

    /// The budget that the steps are planned for: that of the checkpoint to go on from, if there is one.
    package var plannedBudget: Budget { schedule.budget }

    /// Trains until the budget is used up, the held-out score stops improving or `progress` returns `.stop`.
    ///
    /// If it diverges, it ends with the last good weights, or fails if there are none. `progress` is called after every
    /// step, `finishing` on the way from the last step to the result; `checkpoint` is called every `interval` seconds
    /// with a checkpoint to resume from.
    package func run(
        progress: (TrainingProgress) -> Verdict, finishing: @escaping (TrainingProgress) -> Void = { _ in },
        every interval: Double = 15, checkpoint save: (Checkpoint) throws -> Void = { _ in }
    ) throws -> TrainingResult {
        began = now() - state.seconds
        self.finishing = finishing
        defer { self.finishing = { _ in } }
        planByLastTraining()
        var end = TrainingResult.Ending.completed
        do {
            end = try takeSteps(progress, every: interval, save)
            if end == .completed {
                beginEnding()
                try finish()
            } else {
                try settleForStop()
            }
        } catch let error as TrainingError {
            try goBack(after: error)
            end = .diverged
        }
        state.seconds = passed
        let checkpoint = try checkpoint()
        if end == .completed { noteTimes() }
        return TrainingResult(
            checkpoint: checkpoint, recipe: recipe, steps: step, seconds: state.seconds,
            curve: state.curve.points, heldOutIoU: state.heldOutIoU, finished: end,
            warnings: warnings)
    }

    /// What sets the random numbers of a rank apart from those of the others; 0 for the first.
    static func offset(of ranks: (any RankGroup)?) -> UInt64 { UInt64(ranks?.rank ?? 0) &* 0x9e37_79b9_7f4a_7c15 }

    /// The value that rank 0 has: all ranks must decide alike, and kernels of two processors may differ in the last bits.
    func agreed(_ value: Double?) -> Double? { value.map { ranks?.first($0) ?? $0 } }

    /// Seconds of the training so far, interruptions left out.
    var passed: Double { now() - began }

    /// Takes the steps that are planned, until the last or `.stop`.
    private func takeSteps(
        _ progress: (TrainingProgress) -> Verdict, every interval: Double, _ save: (Checkpoint) throws -> Void
    ) throws -> TrainingResult.Ending {
        var saved = state.seconds
        while !schedule.isOver(step: step) {
            let start = passed
            let batch = try queue.next()
            try learn(batch)
            state.seconds = passed
            planByPace(batch.shape, took: state.seconds - start)
            schedule.look(step: step, seconds: state.seconds)
            let (measured, isOver) = try follow()
            if progress(report(isMeasured: measured != nil)) == .stop { return .stopped }
            if isOver { break }
            if state.seconds - saved >= interval {
                try checkFinite()
                try save(checkpoint())
                saved = state.seconds
            }
        }
        return .completed
    }

    /// Takes a training step on a batch.
    private func learn(_ batch: PreparedBatch) throws {
        try load(batch)
        state.loss = try learner.evaluate()
        guard state.loss.isFinite else {
            throw diverged()
        }
        var watch = state.watch ?? LossWatch(isNew: isFromScratch)
        if watch.takes(state.loss, after: step) {
            // A layer that nothing depends on any more may be no numbers while the loss is one.
            try checkFinite()
            try weightSelection.keepGood()
        }
        state.watch = watch
        try learner.update(
            rate: recipe.optimizer.rate(
                at: schedule.used(step: step), steps: schedule.planned(at: step), isNew: isFromScratch))
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
            let start = passed
            measured = try measure(scorer)
            state.seconds = passed
            schedule.note(scoring: state.seconds - start)
            if let measured { isOver = state.patience.isOver(after: measured, limit: recipe.heldOut.patience) }
        }
        state.curve.add(step: step, seconds: state.seconds, loss: state.loss, heldOutIoU: measured)
        return (measured, isOver)
    }

    /// `left` are the seconds left, if not those of the schedule.
    func report(isMeasured: Bool = false, left: Double? = nil) -> TrainingProgress {
        var progress = TrainingProgress(
            step: step, steps: schedule.needsPace ? nil : schedule.steps, seconds: state.seconds,
            eta: left ?? schedule.eta(step: step, seconds: state.seconds), loss: state.loss,
            heldOutIoU: state.heldOutIoU)
        progress.isMeasured = isMeasured
        return progress
    }

    private func checkpoint() throws -> Checkpoint {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        state.schedule = schedule
        var metadata = [
            "recipe": String(decoding: try encoder.encode(recipe), as: UTF8.self),
            "classes": String(decoding: try encoder.encode(classes), as: UTF8.self),
            TrainerState.key: try state.text(),
        ]
        metadata[Trainer.dataKey] = data
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
