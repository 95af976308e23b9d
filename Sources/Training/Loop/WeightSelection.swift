internal import Network

/// The weights that a training ends with: the network's own as they are at last, their running average, or those of
/// the moment that the held-out slices favoured.
struct WeightSelection {
    private let learner: any Learner
    private let decay: Double?

    /// `decay` is that of the average that the learner keeps; nil where it keeps none.
    init(of learner: any Learner, decay: Double?) {
        self.learner = learner
        self.decay = decay
    }

    /// What is measured and kept now.
    var candidate: WeightSet { decay == nil ? .current : .average }

    /// Moves the average after a step.
    ///
    /// The first steps' weights are forgotten sooner, as they are far from the last ones.
    func follow(step: Int) throws {
        guard let decay else { return }
        try learner.follow(part: 1 - min(decay, Double(1 + step) / Double(10 + step)))
    }

    /// Remembers the present candidate as the best.
    func keep() throws { try learner.copy(candidate, to: .best) }

    /// Puts what is kept into the network, and forgets the rest.
    func settle() throws {
        try learner.copy(learner.has(.best) ? .best : candidate, to: .current)
        try follow()
        learner.forget(.best)
    }

    /// Makes the candidate what the network is now.
    func follow() throws {
        if candidate != .current { try learner.copy(.current, to: candidate) }
    }
}
