/// An array of a learner that can be copied to the host and back.
package enum LearnerArray: Hashable, Sendable {
    /// All values of a network: the graph's learned values in order, then its running statistics.
    case weights(WeightSet)
    /// Only the running statistics of the current weights.
    case runningStatistics
    /// The gradients that were computed last, until another batch is loaded: a number for each learned value.
    case gradients
    /// A moment of the optimizer by name: a number for each learned value.
    case moment(String)
}
