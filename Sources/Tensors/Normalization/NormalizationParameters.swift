/// Pointers to the learned and the running values of one normalisation, one value per channel.
package struct NormalizationParameters {
    package let scale: UnsafeMutablePointer<Float>
    package let shift: UnsafeMutablePointer<Float>
    package let runningMean: UnsafeMutablePointer<Float>
    package let runningVariance: UnsafeMutablePointer<Float>
    /// Added to the variance before the square root.
    package let epsilon: Float
    /// The weight of a new batch in the running statistics.
    package let momentum: Float

    package init(
        scale: UnsafeMutablePointer<Float>, shift: UnsafeMutablePointer<Float>,
        runningMean: UnsafeMutablePointer<Float>, runningVariance: UnsafeMutablePointer<Float>,
        epsilon: Float, momentum: Float
    ) {
        self.scale = scale
        self.shift = shift
        self.runningMean = runningMean
        self.runningVariance = runningVariance
        self.epsilon = epsilon
        self.momentum = momentum
    }
}
