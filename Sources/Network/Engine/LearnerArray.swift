/// Numbers of a learner that can be brought to the host and back.
package enum LearnerArray: Hashable, Sendable {
    /// All of a network: the graph's learned values one after the other, then its running statistics.
    case weights(WeightSet)
    /// The running statistics alone, of the weights that are learned.
    case runningStatistics
    /// What the optimizer remembers under a name, a number for each learned value.
    case moment(String)
}
