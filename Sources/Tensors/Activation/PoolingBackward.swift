internal import CKernels

/// Adds the gradient of max pooling to the gradient at the activation that was pooled.
package final class PoolingBackward: Operation {
    package var kind: String { "pooling backward" }
    package let buffers: [Buffer]
    private let values: Tensor
    private let scaleShift: ScaleShift
    private let window: [Int]
    private let gradient: Tensor
    private let result: Tensor
    private let engine: Engine

    /// The activation is computed again from `values`, the input of its normalisation; the gradient is added to
    /// `result`.
    package init(
        of values: Tensor, scaleShift: ScaleShift, window: [Int], gradient: Tensor, addedTo result: Tensor,
        engine: Engine
    ) {
        self.values = values
        self.scaleShift = scaleShift
        self.window = window
        self.gradient = gradient
        self.result = result
        self.engine = engine
        buffers = [values.buffer, scaleShift.scale, scaleShift.shift, gradient.buffer, result.buffer]
    }

    package func run() {
        for sample in 0..<values.shape.batch {
            engine.layers.pool_backward(
                values.kept(sample), scaleShift.scale.values + scaleShift.offset(of: sample),
                scaleShift.shift.values + scaleShift.offset(of: sample), gradient.sample(sample), result.sample(sample),
                CInt(scaleShift.padded / engine.lanes), ck_extent(values.shape), ck_extent(window), engine.team)
        }
    }
}
