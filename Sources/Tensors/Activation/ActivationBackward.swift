internal import CKernels

/// The gradient through a ReLU without normalisation, in place, and the gradient of the bias before it.
package final class ActivationBackward: Operation {
    package var kind: String { "ReLU backward" }
    package let buffers: [Buffer]
    private let values: Tensor
    private let gradient: Tensor
    private let biasGradient: WeightLocation
    private let engine: Engine
    private let sums: Accumulator

    /// `biasGradient` is overwritten.
    package init(
        of values: Tensor, gradient: Tensor, biasGradient: WeightLocation, engine: Engine
    ) {
        self.values = values
        self.gradient = gradient
        self.biasGradient = biasGradient
        self.engine = engine
        sums = Accumulator(count: engine.padded(values.shape.channels), engine: engine)
        buffers = [values.buffer, gradient.buffer] + biasGradient.buffers
    }

    package func run() {
        sums.clear()
        let blocks = CInt(engine.padded(values.shape.channels) / engine.lanes)
        for sample in 0..<values.shape.batch {
            engine.layers.relu_backward(
                values.kept(sample), gradient.sample(sample), blocks, values.shape.voxels, sums.totals,
                sums.partial, engine.team)
        }
        let biasGradient = biasGradient.values
        for channel in 0..<values.shape.channels { biasGradient[channel] = Float(sums.totals[channel]) }
    }
}
