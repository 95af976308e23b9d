internal import CKernels

/// destination = up-convolution of the source, by the project's own kernels; normalisation and ReLU are applied to the
/// source as it is read.
package final class BuiltInUpsamplingForward: Operation {
    package var kind: String { "up-convolution forward" }
    package var algorithm: String? { upsampling.algorithm }
    package var arithmetic: Int { upsampling.arithmetic }
    private let upsampling: BuiltInUpsampling
    private let source: ConvolutionInput
    private let destination: Tensor
    private let weights: UnsafeMutablePointer<Float>
    private let packsEachRun: Bool
    private let packed: Buffer
    private let workspace: Buffer

    /// See `OneDNNForward`.
    package init(
        _ upsampling: BuiltInUpsampling, source: ConvolutionInput, destination: Tensor,
        weights: UnsafeMutablePointer<Float>,
        packsEachRun: Bool, arena: Arena
    ) {
        self.upsampling = upsampling
        self.source = source
        self.destination = destination
        self.weights = weights
        self.packsEachRun = packsEachRun
        packed = arena.reserve(upsampling.weightCount)
        if !packsEachRun { packed.keep() }
        workspace = arena.reserve(upsampling.workspaceCount(forWeights: false))
    }

    package var buffers: [Buffer] { source.buffers + [destination.buffer, packed, workspace] }

    package func refresh() { upsampling.pack(weights, into: packed, backward: false) }

    package func run() {
        if packsEachRun { refresh() }
        for sample in 0..<destination.shape.batch {
            var result = destination.view(sample, engine: upsampling.engine)
            upsampling.with(source, sample: sample) { raw, view, scale, shift in
                ck_upsampling_forward(raw, view, scale, shift, packed.values, &result, workspace.values)
            }
        }
    }
}
