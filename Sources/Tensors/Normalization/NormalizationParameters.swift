/// Where the learned and the running values of one normalisation lie, one per channel.
package struct NormalizationParameters {
    package static let epsilon: Float = 1e-5
    /// The part of a new batch in the running statistics.
    package static let momentum: Float = 0.1

    package let scale: UnsafeMutablePointer<Float>
    package let shift: UnsafeMutablePointer<Float>
    package let runningMean: UnsafeMutablePointer<Float>
    package let runningVariance: UnsafeMutablePointer<Float>

    package init(
        scale: UnsafeMutablePointer<Float>, shift: UnsafeMutablePointer<Float>,
        runningMean: UnsafeMutablePointer<Float>, runningVariance: UnsafeMutablePointer<Float>
    ) {
        self.scale = scale
        self.shift = shift
        self.runningMean = runningMean
        self.runningVariance = runningVariance
    }
}
