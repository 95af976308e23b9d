internal import CKernels

/// Adds the gradient of max pooling to the gradient at the activation that was pooled.
package final class PoolingBackward: Operation {
    package var kind: String { "pooling backward" }
    package let buffers: [Buffer]
    private let values: Tensor
    private let affine: Affine
    private let window: [Int]
    private let gradient: Tensor
    private let result: Tensor
    private let engine: Engine

    /// The activation is computed again from `values`, its normalisation's input; `result` is added to.
    package init(
        of values: Tensor, affine: Affine, window: [Int], gradient: Tensor, addedTo result: Tensor, engine: Engine
    ) {
        self.values = values
        self.affine = affine
        self.window = window
        self.gradient = gradient
        self.result = result
        self.engine = engine
        buffers = [values.buffer, affine.scale, affine.shift, gradient.buffer, result.buffer]
    }

    package func run() {
        for sample in 0..<values.shape.batch {
            engine.layers.pool_backward(
                values.sample(sample), affine.scale.values + affine.offset(of: sample),
                affine.shift.values + affine.offset(of: sample), gradient.sample(sample), result.sample(sample),
                CInt(affine.padded / engine.lanes), ck_extent(values.shape), ck_extent(window), engine.team)
        }
    }
}
