/// A named array of numbers that belongs to a node of a graph: learned, or followed by its statistics.
package struct GraphTensor: Hashable, Sendable {
    /// What a node does with it.
    package enum Role: Hashable, Sendable {
        /// Of a convolution, outputs × inputs × Z×Y×X; of an up-convolution, inputs × outputs × Z×Y×X.
        case weights
        /// Added to a convolution's results, one for each channel.
        case bias
        /// What normalised values are multiplied by, and what is added then; one for each channel.
        case scale, shift
        /// What training has seen of a channel's values; with running statistics, prediction normalises by them.
        case runningMean, runningVariance
    }

    /// What a new network has in it.
    package enum Start: Hashable, Sendable {
        case constant(Float)
        /// Normally distributed about 0.
        case random(deviation: Double)
    }

    /// As in weights files: "encoder.0.conv0.weight".
    package let name: String
    package let role: Role
    package let shape: [Int]
    package let start: Start

    package var count: Int { shape.reduce(1, *) }

    /// Whether training moves it against its gradient.
    package var isLearned: Bool { role != .runningMean && role != .runningVariance }
}
