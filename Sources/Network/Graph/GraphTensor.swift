/// A named array of numbers that belongs to a node of a graph: learned, or a running statistic.
package struct GraphTensor: Hashable, Sendable {
    /// What a node uses it for.
    package enum Role: Hashable, Sendable {
        /// Convolution: outputs × inputs × Z×Y×X; up-convolution: inputs × outputs × Z×Y×X.
        case weights
        /// Added to a convolution's results, one for each channel.
        case bias
        /// The factor and the offset applied to normalised values; one for each channel.
        case scale, shift
        /// Mean and variance of a channel's values in training; predictions with running statistics normalise by them.
        case runningMean, runningVariance
    }

    /// Its initial values in a new network.
    package enum Start: Hashable, Sendable {
        case constant(Float)
        /// Normally distributed about 0.
        case random(deviation: Double)
    }

    /// The name in weights files, such as "encoder.0.conv0.weight".
    package let name: String
    package let role: Role
    package let shape: [Int]
    package let start: Start

    package var count: Int { shape.reduce(1, *) }

    /// Whether training updates it from its gradient.
    package var isLearned: Bool { role != .runningMean && role != .runningVariance }
}
