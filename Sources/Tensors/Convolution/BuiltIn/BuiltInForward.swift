internal import CKernels

/// destination = convolution of the concatenated sources + bias, by the project's own kernels; normalisation and ReLU
/// are applied to the sources as they are read.
package final class BuiltInForward: Operation {
    package var kind: String { "convolution forward" }
    package var algorithm: String? { convolution.algorithm }
    package var arithmetic: Int { convolution.arithmetic }
    private let convolution: BuiltInConvolution
    private let sources: [ConvolutionInput]
    private let destination: Tensor
    private let weights: WeightLocation
    private let accumulates: Bool
    private let bias: UnsafeMutablePointer<Float>?
    private let packsEachRun: Bool
    private let packed: Buffer
    private let workspace: Buffer
    private let views: UnsafeMutablePointer<ck_view>

    /// See `OneDNNForward`; with `accumulates`, the result is added to the destination.
    package init(
        _ convolution: BuiltInConvolution, sources: [ConvolutionInput], destination: Tensor, weights: WeightLocation,
        bias: UnsafeMutablePointer<Float>? = nil, accumulates: Bool = false, packsEachRun: Bool, arena: Arena
    ) {
        self.convolution = convolution
        self.sources = sources
        self.destination = destination
        self.weights = weights
        self.accumulates = accumulates
        self.bias = bias
        self.packsEachRun = packsEachRun
        packed = arena.reserve(convolution.packedCount(backward: false))
        if !packsEachRun { packed.keep() }
        workspace = arena.reserve(convolution.workspaceCount(ck_pass_forward))
        views = .allocate(capacity: sources.count)
    }

    deinit { views.deallocate() }

    package var buffers: [Buffer] {
        sources.flatMap(\.buffers) + [destination.buffer, packed, workspace] + (packsEachRun ? weights.buffers : [])
    }

    package func refresh() { ck_conv_transform_weights(convolution.raw, weights.values, packed.values, 0) }

    package func run() {
        if packsEachRun { refresh() }
        for sample in 0..<destination.shape.batch {
            for (index, source) in sources.enumerated() {
                views[index] = source.view(sample, engine: convolution.engine)
            }
            var prologue = BuiltInConvolution.prologue(sources, sample: sample)
            var epilogue = ck_conv_epilogue()
            epilogue.bias = UnsafePointer(bias)
            epilogue.sums = convolution.sums?.sums(sample)
            epilogue.sums_of_squares = convolution.sums?.squares(sample)
            epilogue.accumulate = accumulates ? 1 : 0
            var result = destination.view(sample, engine: convolution.engine)
            ck_conv_forward(
                convolution.raw, views, &prologue, packed.values, &epilogue, &result, workspace.values)
        }
    }
}
