internal import Network

/// The weights that a training ends with: the network's own as they are at last, their running average, or those of
/// the moment that the held-out slices favoured.
final class WeightSelection {
    private let network: UNet
    private let average: UNet?
    private let decay: Double
    private var best: Parameters?

    /// Goes on with what a checkpoint holds.
    init(_ network: UNet, recipe: Recipe, resume: Checkpoint?) throws {
        self.network = network
        decay = recipe.average?.decay ?? 0
        average = recipe.average == nil ? nil : try UNet(zeros: network.configuration)
        if let average {
            _ = average.parameters.values.update(fromContentsOf: network.parameters.values)
            _ = try resume?.restore("average", into: average.parameters)
        }
        let stored = network.parameters.zeros()
        if try resume?.restore("best", into: stored) == true { best = stored }
    }

    /// What is measured and kept now.
    var candidate: UNet { average ?? network }

    /// Moves the average after a step; running statistics are averaged as well.
    ///
    /// The first steps' weights are forgotten sooner, as they are far from the last ones.
    func follow(step: Int) {
        guard let average else { return }
        let part = Float(1 - min(decay, Double(1 + step) / Double(10 + step)))
        let (mean, values) = (average.parameters.values, network.parameters.values)
        for place in mean.indices { mean[place] += part * (values[place] - mean[place]) }
    }

    /// Remembers the present candidate as the best.
    func keep() {
        let kept = best ?? network.parameters.zeros()
        _ = kept.values.update(fromContentsOf: candidate.parameters.values)
        best = kept
    }

    /// Puts what is kept into the network, and forgets the rest.
    func settle() {
        let chosen = best ?? candidate.parameters
        _ = network.parameters.values.update(fromContentsOf: chosen.values)
        follow()
        best = nil
    }

    /// Makes the candidate what the network is now.
    func follow() { _ = average?.parameters.values.update(fromContentsOf: network.parameters.values) }

    /// For a checkpoint to go on from.
    var kept: [(name: String, parameters: Parameters)] {
        (average.map { [("average", $0.parameters)] } ?? []) + (best.map { [("best", $0)] } ?? [])
    }
}
