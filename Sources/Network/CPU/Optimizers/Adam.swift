package import Tensors

/// Adam (Kingma and Ba 2015); a decay above 0 is decoupled from the gradient (Loshchilov and Hutter 2019).
package final class Adam: Optimizer {
    package var steps = 0
    private let first: Parameters
    private let second: Parameters
    private let decay: Double
    private let engine: Engine

    package init(for parameters: Parameters, decay: Double = 0, engine: Engine) {
        first = parameters.zeros()
        second = parameters.zeros()
        self.decay = decay
        self.engine = engine
    }

    package func update(_ parameters: Parameters, gradients: Parameters, rate: Double, only range: Range<Int>) {
        engine.adam(
            parameters[range], gradients: UnsafeBufferPointer(gradients[range]), first: first[range],
            second: second[range], step: steps, rate: rate, decay: decay)
    }

    package var moments: [(name: String, values: UnsafeMutableBufferPointer<Float>)] {
        [("first", first.learned), ("second", second.learned)]
    }
}
