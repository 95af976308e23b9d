/// The loss that a learner minimises, and its optimizer.
package struct LearnerSettings: Sendable {
    /// The weight of each class in the loss.
    package var classWeights: [Float]
    /// The weight of the soft Dice loss; the cross-entropy has weight 1.
    package var dice: Double
    /// The weight of the loss of each coarser level with an output, relative to the next finer level.
    package var deep: Double
    package var optimizer: OptimizerRule
    /// Whether activations are rounded to bfloat16 where the forward pass keeps them for later, which takes half the
    /// room; everything is computed in 32 bits.
    package var roundsActivations: Bool
    /// Whether a running average of the weights is kept; it starts equal to the weights.
    package var hasAverage: Bool

    package init(
        classWeights: [Float], dice: Double = 0, deep: Double = 0, optimizer: OptimizerRule,
        roundsActivations: Bool = false, hasAverage: Bool = false
    ) {
        self.classWeights = classWeights
        self.dice = dice
        self.deep = deep
        self.optimizer = optimizer
        self.roundsActivations = roundsActivations
        self.hasAverage = hasAverage
    }
}
