/// Watches the loss of a training, for weights that it can end with if it diverges.
///
/// Weights are good if the mean loss of the last steps is near the least so far and, for a network that began with random
/// weights, below that of the first ones: before it diverges, a loss often rises for a while.
package struct LossWatch: Codable {
    /// The steps of a mean.
    private static let window = 10
    /// How far a good mean is above the least at most, and a single loss above a good mean.
    private static let (tolerance, scatter) = (1.5, 2.0)

    private let isNew: Bool
    private var sum = 0.0
    private var count = 0
    private var first: Double?
    private var least: Double?
    /// The number of steps that the last good weights had made.
    package private(set) var step: Int?

    /// `isNew`: the training begins with random weights.
    package init(isNew: Bool) { self.isNew = isNew }

    /// Takes the loss of weights that have made `step` steps; returns whether they are good.
    package mutating func takes(_ loss: Double, after step: Int) -> Bool {
        sum += loss
        count += 1
        guard count == Self.window else { return false }
        let mean = sum / Double(count)
        (sum, count) = (0, 0)
        guard let first, let least else {
            (first, least) = (mean, mean)
            return false
        }
        self.least = min(least, mean)
        let bound = min(Self.tolerance * least, isNew ? first : .infinity)
        guard mean <= bound, loss <= Self.scatter * bound else { return false }
        self.step = step
        return true
    }
}
