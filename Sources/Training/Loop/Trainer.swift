internal import Foundation
package import Network
package import Tensors
internal import Volumes

/// Teaches a network from annotated slices, on the caller's thread, until the budget is used up.
package final class Trainer {
    /// Patches that the final running statistics are measured on, at most.
    private static let calibrationPatches = 24

    /// With every `auto` resolved.
    package let recipe: Recipe
    private let classes: [String]
    private let budget: Budget
    private let network: UNet
    private let optimizer: any Optimizer
    private let pass: TrainingPass
    private let queue: PatchQueue
    private let scorer: HeldOutScorer?
    private let weights: [Float]
    private var state: TrainerState
    private var step = 0
    /// Of the generator, before the next batch's draws.
    private var randomState: [UInt64]

    /// Plans everything and starts to prepare patches.
    ///
    /// `start` gives the weights to fine-tune; its architecture is kept whatever the recipe says, and classes may have
    /// been appended since. `resume` is what `run` gave to its checkpoint closure before it was interrupted: the
    /// training goes on as if it had never stopped.
    package init(
        volumes: [TrainingVolume], classes: [String], recipe wanted: Recipe, budget: Budget,
        start: Checkpoint? = nil, resume: Checkpoint? = nil, engine: Engine
    ) throws {
        let setup = try Starter(volumes: volumes, classes: classes.count, recipe: wanted, start: resume ?? start)
        recipe = setup.recipe
        network = setup.network
        self.classes = classes
        self.budget = budget
        let configuration = network.configuration
        let image = setup.patch
        let sampler = try PatchSampler(
            volumes, classes: classes.count, image: image, labels: configuration.output(for: image),
            augmentation: recipe.augmentation)
        weights = try recipe.loss.weights(counts: sampler.index.counts)
        optimizer = recipe.optimizer.make(for: network, engine: engine)
        var random = Random(seed: recipe.seed &+ 0x5eed)
        state = try TrainerState()
        if let resume {
            guard let stored = Random(state: resume.randomState) else {
                throw TrainingError.mismatch("The checkpoint to go on from holds no random state.")
            }
            try resume.restore(optimizer)
            random = stored
            step = resume.step
            state = try TrainerState(metadata: resume.metadata)
        }
        randomState = random.state
        pass = try TrainingPass(
            network, input: image.shape(batch: recipe.batch, channels: configuration.channels), engine: engine)
        queue = PatchQueue(sampler, batch: recipe.batch, random: random)
        scorer = try HeldOutScorer(
            volumes, network: network, recipe: recipe, tile: configuration.output(for: image), engine: engine)
    }

    /// Trains; `progress` is asked after every step, `checkpoint` is given what to go on from every `interval` seconds.
    package func run(
        progress: (TrainingProgress) -> Verdict, every interval: Double = 15,
        checkpoint save: (Checkpoint) throws -> Void = { _ in }
    ) throws -> TrainingResult {
        let clock = ContinuousClock()
        let before = state.seconds
        let began = clock.now
        var saved = before
        var ending = TrainingResult.Ending.completed
        while budget.used(steps: step, seconds: state.seconds) < 1 {
            let batch = try queue.next()
            try learn(batch)
            state.seconds = before + (clock.now - began).seconds
            let isOver = try follow()
            if progress(report()) == .stop {
                ending = .stopped
                break
            }
            if isOver { break }
            if state.seconds - saved >= interval {
                try save(checkpoint())
                saved = state.seconds
            }
        }
        if ending == .completed { try calibrate() }
        return TrainingResult(
            checkpoint: try checkpoint(), recipe: recipe, steps: step, seconds: state.seconds,
            curve: state.curve.points, finished: ending)
    }

    /// One step on a batch.
    private func learn(_ batch: PreparedBatch) throws {
        _ = pass.input.update(fromContentsOf: batch.images)
        _ = pass.labels.update(fromContentsOf: batch.labels)
        state.loss = try pass.step(classWeights: weights)
        guard state.loss.isFinite else {
            throw TrainingError.diverged(step: step, rate: recipe.optimizer.rate)
        }
        let used = budget.used(steps: step, seconds: state.seconds)
        optimizer.update(network.parameters, gradients: pass.gradients, rate: recipe.optimizer.rate(at: used))
        step += 1
        randomState = batch.next
    }

    /// Moves the running statistics to those of the final weights, which they follow with a delay that matters after
    /// few steps ("precise batch norm", Wu and Johnson 2021); forward passes only, about a twelfth of the steps' time
    /// at most.
    private func calibrate() throws {
        guard recipe.norm == .batch else { return }
        for _ in 0..<min(Trainer.calibrationPatches, step / 4) {
            _ = pass.input.update(fromContentsOf: try queue.next().images)
            _ = try pass.forwardLogits()
        }
    }

    /// Extends the curve, now and then by a measurement; true when the held-out slices say that it is enough.
    private func follow() throws -> Bool {
        var measured: Double?
        var isOver = false
        if let scorer, step % scorer.interval(batch: recipe.batch) == 0, let score = try scorer.score() {
            measured = score
            state.heldOutIoU = score
            isOver = state.patience.isOver(after: score)
        }
        state.curve.add(step: step, seconds: state.seconds, loss: state.loss, heldOutIoU: measured)
        return isOver
    }

    private func report() -> TrainingProgress {
        let used = budget.used(steps: step, seconds: state.seconds)
        let total = used > 0 ? Int((Double(step) / used).rounded()) : nil
        return TrainingProgress(
            step: step, steps: budget.seconds == nil ? budget.steps : total, seconds: state.seconds,
            eta: used > 0 ? state.seconds * (1 - used) / used : nil, loss: state.loss, heldOutIoU: state.heldOutIoU)
    }

    private func checkpoint() throws -> Checkpoint {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let metadata = [
            "recipe": String(decoding: try encoder.encode(recipe), as: UTF8.self),
            "classes": String(decoding: try encoder.encode(classes), as: UTF8.self),
            TrainerState.key: try state.text(),
        ]
        return try Checkpoint(
            network: network, optimizer: optimizer, step: step, randomState: randomState, metadata: metadata)
    }
}

extension Duration {
    /// As a number.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension OptimizerSettings {
    /// A new optimizer for a network.
    func make(for network: UNet, engine: Engine) -> any Optimizer {
        switch kind {
        case .adam: Adam(for: network.parameters, decay: decay, engine: engine)
        case .sgd: MomentumSGD(for: network.parameters, momentum: momentum, decay: decay, engine: engine)
        }
    }
}
