internal import Network

/// Selects a training's final weights: the last ones, their running average, or those with the best held-out score.
struct WeightSelection {
    private let learner: any Learner
    private let decay: Double?

    /// `decay` is the decay of the learner's running average; nil if it keeps none.
    init(of learner: any Learner, decay: Double?) {
        self.learner = learner
        self.decay = decay
    }

    /// The weights that are measured, and kept if they are the best.
    var candidate: WeightSet { decay == nil ? .current : .average }

    /// Updates the average after a step.
    ///
    /// The decay is lower in the first steps, whose weights are far from the last ones.
    func follow(step: Int) throws {
        guard let decay else { return }
        try learner.follow(part: 1 - min(decay, Double(1 + step) / Double(10 + step)))
    }

    /// Keeps the present candidate as the best weights.
    func keep() throws { try learner.copy(candidate, to: .best) }

    /// Keeps the present candidate as weights to go back to.
    func keepGood() throws { try learner.copy(candidate, to: .good) }

    /// Makes the weights to go back to the current ones and the candidate; false if there are none.
    func goBack() throws -> Bool {
        guard learner.has(.good) else { return false }
        try learner.copy(.good, to: .current)
        try follow()
        return true
    }

    /// Drops the weights to go back to.
    func forgetGood() { learner.forget(.good) }

    /// Makes the best weights, or else the candidate, the network's current weights, and drops the others.
    func settle() throws {
        try learner.copy(learner.has(.best) ? .best : candidate, to: .current)
        try follow()
        learner.forget(.best)
    }

    /// Copies the network's current weights to the candidate.
    func follow() throws {
        if candidate != .current { try learner.copy(.current, to: candidate) }
    }
}
