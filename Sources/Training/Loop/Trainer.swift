internal import Foundation
package import Network
internal import Volumes

/// Teaches a network from annotated slices, on the caller's thread, until the budget is used up.
package final class Trainer {
    /// With every `auto` resolved, but those that only the training itself decides.
    package internal(set) var recipe: Recipe
    private let classes: [String]
    let budget: Budget
    let learner: any Learner
    let sampler: PatchSampler
    private let queue: PatchQueue
    /// Batches that were taken to measure the pace, to be learned from first.
    var waiting: [PreparedBatch] = []
    let weightSelection: WeightSelection
    let scorer: HeldOutScorer?
    let makeScorer: (BatchNormStatistics) throws -> HeldOutScorer?
    var state: TrainerState
    var schedule: StepSchedule
    var step = 0
    let isTimed: Bool
    let timings: StepTimings
    /// Of the generator, before the next batch's draws.
    private var randomState: [UInt64]
    /// What decides the pace besides the machine.
    package let kind: StepTimings.Kind

    /// Plans everything and starts to prepare patches.
    ///
    /// `start` gives the weights to fine-tune; its architecture is kept whatever the recipe says, and classes may have
    /// been appended since. `resume` is what `run` gave to its checkpoint closure before it was interrupted: the
    /// training goes on as if it had never stopped. With `isTimed`, a budget in seconds goes by steps that are timed first,
    /// even where `timings` knows from an earlier training what they take: trainings that are compared must be treated alike.
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
        let volumes = try volumes.learnable(in: graph.configuration.dimensions)
        let sampler = try PatchSampler(
            volumes, classes: classes.count, image: image, labels: output, augmentation: recipe.augmentation,
            sampling: recipe.sampling, slabs: try setup.slabs.mapValues { try graph.output(for: $0) },
            bands: setup.bands, inputs: recipe.inputs)
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
                throw TrainingError.mismatch("The checkpoint to go on from holds no random state.")
            }
            try resume.restore(learner)
            random = stored
            step = resume.step
            state = try TrainerState(metadata: resume.metadata)
        }
        schedule = state.schedule ?? StepSchedule(budget, steps: recipe.steps.value)
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
        // Until they are calibrated, the running statistics are those of the patches, not of the volumes.
        scorer = try makeScorer(recipe.augmentation.changesTexture ? .current : recipe.statistics.value ?? .running)
    }

    /// Trains.
    ///
    /// `progress` is asked after every step, and of step 0 while the pace is measured; `checkpoint` is given what to go on
    /// from every `interval` seconds.
    package func run(
        progress: (TrainingProgress) -> Verdict, every interval: Double = 15,
        checkpoint save: (Checkpoint) throws -> Void = { _ in }
    ) throws -> TrainingResult {
        let clock = ContinuousClock()
        let before = state.seconds
        let began = clock.now
        var saved = before
        var ending = TrainingResult.Ending.completed
        if try planSteps(clock, progress) == .stop { ending = .stopped }
        while ending == .completed, schedule.used(step: step, seconds: state.seconds) < 1 {
            try learn(try nextBatch())
            state.seconds = before + (clock.now - began).seconds
            schedule.look(step: step, seconds: state.seconds)
            reviewPace()
            let (measured, isOver) = try follow()
            if progress(report(isMeasured: measured != nil)) == .stop {
                ending = .stopped
                break
            }
            if isOver { break }
            if state.seconds - saved >= interval {
                try save(checkpoint())
                saved = state.seconds
            }
        }
        if ending == .completed { try finish() } else { settleForStop() }
        return TrainingResult(
            checkpoint: try checkpoint(), recipe: recipe, steps: step, seconds: state.seconds,
            curve: state.curve.points, heldOutIoU: state.heldOutIoU, finished: ending)
    }

    /// One step on a batch.
    private func learn(_ batch: PreparedBatch) throws {
        try load(batch)
        let used = schedule.used(step: step, seconds: state.seconds)
        state.loss = try learner.step(rate: recipe.optimizer.rate(at: used))
        guard state.loss.isFinite else {
            throw TrainingError.diverged(step: step, rate: recipe.optimizer.rate)
        }
        step += 1
        try weightSelection.follow(step: step)
        randomState = batch.next
    }

    /// The loss of a batch, without learning from it.
    func evaluate(_ batch: PreparedBatch) throws {
        try load(batch)
        state.loss = try learner.evaluate()
    }

    /// Hands a batch to the learner.
    func load(_ batch: PreparedBatch) throws {
        let channels = learner.graph.configuration.channels
        let shape = PassShape(
            input: batch.shape.image.shape(batch: recipe.batch, channels: channels),
            centre: Axis.allCases.map { batch.shape.labels[$0] })
        try learner.load(shape, images: batch.images, labels: batch.labels)
    }

    func nextBatch() throws -> PreparedBatch { try waiting.isEmpty ? queue.next() : waiting.removeFirst() }

    /// Extends the curve, now and then by a measurement; true when the held-out slices say that it is enough.
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

    func report(isMeasured: Bool = false) -> TrainingProgress {
        let used = schedule.used(step: step, seconds: state.seconds)
        let total = used > 0 ? Int((Double(step) / used).rounded()) : nil
        var progress = TrainingProgress(
            step: step, steps: schedule.isRepeatable ? schedule.steps : total, seconds: state.seconds,
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
    /// As a number.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension OptimizerSettings {
    /// What an engine has to know of it.
    var rule: OptimizerRule {
        switch kind {
        case .muon: .muon(momentum: momentum, decay: decay)
        case .adam: .adam(decay: decay)
        case .sgd: .sgd(momentum: momentum, decay: decay)
        }
    }
}
