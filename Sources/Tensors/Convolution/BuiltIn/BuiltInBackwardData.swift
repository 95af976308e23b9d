internal import CKernels

/// The gradients at the sources of a convolution, by the project's own kernels.
package final class BuiltInBackwardData: Operation {
    package var kind: String { "convolution backward data" }
    package var algorithm: String? { convolution.algorithm }
    package var arithmetic: Int { convolution.arithmetic }
    private let convolution: BuiltInConvolution
    private let gradient: Tensor
    private let results: [Tensor]
    private let weights: WeightLocation
    private let packed: Buffer
    private let workspace: Buffer
    private let views: UnsafeMutablePointer<ck_view>

    /// `results` are overwritten: one for each source, with the extent that the convolution read.
    package init(
        _ convolution: BuiltInConvolution, gradient: Tensor, results: [Tensor], weights: WeightLocation, arena: Arena
    ) {
        self.convolution = convolution
        self.gradient = gradient
        self.results = results
        self.weights = weights
        packed = arena.reserve(convolution.packedCount(backward: true))
        workspace = arena.reserve(convolution.workspaceCount(ck_pass_backward_data))
        views = .allocate(capacity: results.count)
    }

    deinit { views.deallocate() }

    package var buffers: [Buffer] { results.map(\.buffer) + [gradient.buffer, packed, workspace] + weights.buffers }

    package func run() {
        ck_conv_transform_weights(convolution.raw, weights.values, packed.values, 1)
        for sample in 0..<gradient.shape.batch {
            for (index, result) in results.enumerated() {
                views[index] = result.view(sample, engine: convolution.engine)
            }
            var incoming = gradient.view(sample, engine: convolution.engine)
            ck_conv_backward_data(convolution.raw, &incoming, packed.values, views, nil, workspace.values)
        }
    }
}
