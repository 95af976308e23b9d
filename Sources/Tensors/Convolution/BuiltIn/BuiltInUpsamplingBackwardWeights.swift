internal import CKernels

/// The gradient of an up-convolution's weights, summed over the batch, by the project's own kernels.
package final class BuiltInUpsamplingBackwardWeights: Operation {
    package var kind: String { "up-convolution backward weights" }
    package var algorithm: String? { upsampling.algorithm }
    package var arithmetic: Int { upsampling.arithmetic }
    private let upsampling: BuiltInUpsampling
    private let source: ConvolutionInput
    private let gradient: Tensor
    private let result: WeightLocation
    private let term: Buffer?
    private let workspace: Buffer

    /// `result` is overwritten; its layout is that of the plain weights.
    package init(
        _ upsampling: BuiltInUpsampling, source: ConvolutionInput, gradient: Tensor, result: WeightLocation,
        arena: Arena
    ) {
        self.upsampling = upsampling
        self.source = source
        self.gradient = gradient
        self.result = result
        term = gradient.shape.batch > 1 ? arena.reserve(upsampling.shape.weightCount) : nil
        workspace = arena.reserve(upsampling.workspaceCount(forWeights: true))
    }

    package var buffers: [Buffer] {
        source.buffers + [gradient.buffer, workspace] + [term].compactMap(\.self) + result.buffers
    }

    package func run() {
        let engine = upsampling.engine, result = result.values
        for sample in 0..<gradient.shape.batch {
            var incoming = gradient.view(sample, engine: engine)
            let target = sample == 0 ? result : term?.values ?? result
            upsampling.with(source, sample: sample) { raw, view, scale, shift in
                ck_upsampling_backward_weights(raw, view, scale, shift, &incoming, target, workspace.values)
            }
            if sample > 0, let term {
                engine.layers.add(result, term.values, upsampling.shape.weightCount, engine.team)
            }
        }
    }
}
