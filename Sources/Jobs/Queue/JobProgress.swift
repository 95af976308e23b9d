internal import Training

/// The progress of a job, with the names of `Documentation/API.md`.
package struct JobProgress: Codable, Hashable, Sendable {
    package enum Phase: String, Codable, Sendable {
        case training, predicting
    }

    package var phase: Phase
    /// Training steps done, and the number that the budget permits, if known.
    package var step: Int?
    package var steps: Int?
    /// Seconds of work so far, over all attempts that are known.
    package var seconds: Double
    /// Estimated seconds left in this phase, if known.
    package var eta: Double?
    /// Steps a second of a training since it began, voxels a second of a prediction, if known.
    package var rate: Double?
    package var loss: Double?
    /// Mean IoU on the held-out slices.
    package var heldOutIoU: Double?
    /// The volume that is being predicted.
    package var volume: String?
    /// The predicted part of all volumes, 0 to 1.
    package var fraction: Double?
    /// Of an experiment: the number of the current run, the number of runs, and the name of the current one.
    package var run: Int?
    package var runs: Int?
    package var title: String?

    package enum CodingKeys: String, CodingKey {
        case phase, step, steps, seconds, eta, rate, loss, volume, fraction, run, runs, title
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
        rate = progress.step > 0 && progress.seconds > 0 ? Double(progress.step) / progress.seconds : nil
        loss = progress.loss.isFinite ? progress.loss : nil
        heldOutIoU = progress.heldOutIoU
    }

    /// The progress of a trial of an experiment.
    init(_ progress: TrialProgress) {
        switch progress {
        case .training(let training): self.init(training)
        case .predicting(let part, let steps):
            self.init(phase: .predicting)
            step = steps
            self.steps = steps
            fraction = part
        }
    }
}
