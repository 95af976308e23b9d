internal import Training

/// How far a job has come; the names are those of `Documentation/API.md`.
package struct JobProgress: Codable, Hashable, Sendable {
    package enum Phase: String, Codable, Sendable {
        case training, predicting
    }

    package var phase: Phase
    /// Training steps done, and all that the budget allows if it is known.
    package var step: Int?
    package var steps: Int?
    /// Seconds of work so far, over all attempts as far as they are known.
    package var seconds: Double
    /// Seconds still to go in this phase, if that can be said.
    package var eta: Double?
    package var loss: Double?
    /// Mean IoU over the slices held out of the training.
    package var heldOutIoU: Double?
    /// The volume that is being predicted.
    package var volume: String?
    /// The part of all volumes that has been predicted, 0 to 1.
    package var fraction: Double?
    /// Of an experiment: the number of the training that runs, how many there are, and which it is.
    package var run: Int?
    package var runs: Int?
    package var title: String?

    package enum CodingKeys: String, CodingKey {
        case phase, step, steps, seconds, eta, loss, volume, fraction, run, runs, title
        case heldOutIoU = "heldout_iou"
    }

    package init(phase: Phase, seconds: Double = 0) {
        self.phase = phase
        self.seconds = seconds
    }

    /// The progress of a training.
    init(_ progress: TrainingProgress) {
        phase = .training
        step = progress.step
        steps = progress.steps
        seconds = progress.seconds
        eta = progress.eta
        loss = progress.loss.isFinite ? progress.loss : nil
        heldOutIoU = progress.heldOutIoU
    }

    /// The progress of an experiment.
    init(_ progress: Experiment.Progress) {
        switch progress.trial {
        case .training(let training): self.init(training)
        case .predicting(let part, let steps):
            self.init(phase: .predicting)
            step = steps
            self.steps = steps
            fraction = part
        }
        seconds = progress.seconds
        eta = progress.eta
        run = progress.run
        runs = progress.runs
        title = progress.title
    }
}
