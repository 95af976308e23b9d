package import Tensors

/// Stochastic gradient descent with momentum; the decay is added to the gradient.
package final class MomentumSGD: Optimizer {
    package var steps = 0
    private let velocity: Parameters
    private let momentum: Double
    private let decay: Double
    private let engine: Engine

    package init(for parameters: Parameters, momentum: Double = 0.9, decay: Double = 0, engine: Engine) {
        velocity = parameters.zeros()
        self.momentum = momentum
        self.decay = decay
        self.engine = engine
    }

    package func update(_ parameters: Parameters, gradients: Parameters, rate: Double, only range: Range<Int>) {
        engine.momentum(
            parameters[range], gradients: UnsafeBufferPointer(gradients[range]), velocity: velocity[range],
            rate: rate, momentum: momentum, decay: decay)
    }

    package var moments: [(name: String, values: UnsafeMutableBufferPointer<Float>)] {
        [("velocity", velocity.learned)]
    }
}
