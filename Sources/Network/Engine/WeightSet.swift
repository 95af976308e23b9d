/// The sets of weights of one network that a learner keeps; checkpoints use these names.
package enum WeightSet: String, CaseIterable, Sendable {
    /// The weights that training updates.
    case current
    /// The running average of `current`.
    case average
    /// The weights with the best held-out score so far.
    case best
    /// The last weights whose loss was as it should be, to go back to if training diverges.
    case good
}
