internal import CKernels

/// The gradient at the source of an up-convolution, by the project's own kernels.
package final class BuiltInUpsamplingBackwardData: Operation {
    package var kind: String { "up-convolution backward data" }
    package var algorithm: String? { upsampling.algorithm }
    package var arithmetic: Int { upsampling.arithmetic }
    private let upsampling: BuiltInUpsampling
    private let gradient: Tensor
    private let result: Tensor
    private let weights: UnsafeMutablePointer<Float>
    private let packed: Buffer

    /// `result` is overwritten.
    package init(
        _ upsampling: BuiltInUpsampling, gradient: Tensor, result: Tensor, weights: UnsafeMutablePointer<Float>,
        arena: Arena
    ) {
        self.upsampling = upsampling
        self.gradient = gradient
        self.result = result
        self.weights = weights
        packed = arena.reserve(upsampling.weightCount)
    }

    package var buffers: [Buffer] { [gradient.buffer, result.buffer, packed] }

    package func run() {
        upsampling.pack(weights, into: packed, backward: true)
        for sample in 0..<gradient.shape.batch {
            var incoming = gradient.view(sample, engine: upsampling.engine)
            upsampling.with(ConvolutionInput(result), sample: sample) { raw, view, _, _ in
                ck_upsampling_backward_data(raw, &incoming, packed.values, view)
            }
        }
    }
}
