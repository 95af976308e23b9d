/// Computes the merged weights of an up-convolution and the convolution after it.
package final class FusedUpsamplingWeights: Operation {
    package let kind = "merge weights"
    package var arithmetic: Int { fusion.arithmetic }
    /// The merged weights, after `run`.
    package let result: Buffer
    private let fusion: UpsamplingFusion
    private let upWeights: UnsafeMutablePointer<Float>
    private let weights: UnsafeMutablePointer<Float>
    private let workspace: Buffer

    /// Both weights must outlive the operation.
    package init(
        _ fusion: UpsamplingFusion, upWeights: UnsafeMutablePointer<Float>, weights: UnsafeMutablePointer<Float>,
        arena: Arena
    ) {
        self.fusion = fusion
        self.upWeights = upWeights
        self.weights = weights
        result = arena.reserve(fusion.weightCount)
        workspace = arena.reserve(fusion.workspaceCount(forGradient: false))
    }

    package var buffers: [Buffer] { [result, workspace] }

    package func run() throws(EngineError) {
        try fusion.merge(upWeights, weights, into: result.values, workspace: workspace.values)
    }
}
