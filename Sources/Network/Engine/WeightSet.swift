/// Weights of one network that a learner keeps side by side; checkpoints know them by these names.
package enum WeightSet: String, CaseIterable, Sendable {
    /// Those that it learns.
    case current
    /// Their running average.
    case average
    /// Those of the best moment so far.
    case best
}
