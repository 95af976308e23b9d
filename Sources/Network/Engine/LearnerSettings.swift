/// What a learner lowers, and how.
package struct LearnerSettings: Sendable {
    /// Of each class in the loss.
    package var classWeights: [Float]
    /// The weight of a soft Dice beside the cross-entropy.
    package var dice: Double
    /// The weight of the loss of each coarser level with an output, in that of the level above it.
    package var deep: Double
    package var optimizer: OptimizerRule
    /// Whether an average of the weights is kept beside them; it begins as they do.
    package var hasAverage: Bool

    package init(
        classWeights: [Float], dice: Double = 0, deep: Double = 0, optimizer: OptimizerRule, hasAverage: Bool = false
    ) {
        self.classWeights = classWeights
        self.dice = dice
        self.deep = deep
        self.optimizer = optimizer
        self.hasAverage = hasAverage
    }
}
