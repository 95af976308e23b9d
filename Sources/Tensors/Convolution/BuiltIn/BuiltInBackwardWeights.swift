internal import CKernels

/// The gradient of a convolution's weights, summed over the batch, by the project's own kernels.
package final class BuiltInBackwardWeights: Operation {
    package var kind: String { "convolution backward weights" }
    package var algorithm: String? { convolution.algorithm }
    package var arithmetic: Int { convolution.arithmetic }
    private let convolution: BuiltInConvolution
    private let sources: [ConvolutionInput]
    private let gradient: Tensor
    private let result: WeightLocation
    private let term: Buffer?
    private let workspace: Buffer
    private let views: UnsafeMutablePointer<ck_view>

    /// `result` is overwritten; its layout is that of the plain weights.
    package init(
        _ convolution: BuiltInConvolution, sources: [ConvolutionInput], gradient: Tensor, result: WeightLocation,
        arena: Arena
    ) {
        self.convolution = convolution
        self.sources = sources
        self.gradient = gradient
        self.result = result
        term = gradient.shape.batch > 1 ? arena.reserve(convolution.weightCount) : nil
        workspace = arena.reserve(convolution.workspaceCount(ck_pass_backward_weights))
        views = .allocate(capacity: sources.count)
    }

    deinit { views.deallocate() }

    package var buffers: [Buffer] {
        sources.flatMap(\.buffers) + [gradient.buffer, workspace] + [term].compactMap(\.self) + result.buffers
    }

    package func run() {
        let engine = convolution.engine
        for sample in 0..<gradient.shape.batch {
            for (index, source) in sources.enumerated() {
                views[index] = source.view(sample, engine: engine)
            }
            var prologue = BuiltInConvolution.prologue(sources, sample: sample)
            var incoming = gradient.view(sample, engine: engine)
            let target = sample == 0 ? result.values : term?.values ?? result.values
            ck_conv_backward_weights(
                convolution.raw, views, &prologue, &incoming, target, nil, workspace.values)
            if sample > 0, let term {
                engine.layers.add(result.values, term.values, convolution.weightCount, engine.team)
            }
        }
    }
}
