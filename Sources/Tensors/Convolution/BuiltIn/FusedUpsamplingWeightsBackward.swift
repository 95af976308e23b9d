/// Computes the gradients of an up-convolution's and a convolution's weights from the gradient of the merged weights.
package final class FusedUpsamplingWeightsBackward: Operation {
    package let kind = "merge weights backward"
    package var arithmetic: Int { 2 * fusion.arithmetic }
    /// The gradient of the merged weights; filled before `run`.
    package let gradient: Buffer
    private let fusion: UpsamplingFusion
    private let weights: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
    private let results: (WeightLocation, WeightLocation)
    private let workspace: Buffer

    /// Overwrites `upResult`, and the part of `result` for the input channels that the up-convolution makes.
    package init(
        _ fusion: UpsamplingFusion, upWeights: UnsafeMutablePointer<Float>, weights: UnsafeMutablePointer<Float>,
        upResult: WeightLocation, result: WeightLocation, arena: Arena
    ) {
        self.fusion = fusion
        self.weights = (upWeights, weights)
        results = (upResult, result)
        gradient = arena.reserve(fusion.weightCount)
        workspace = arena.reserve(fusion.workspaceCount(forGradient: true))
    }

    package var buffers: [Buffer] { [gradient, workspace] + results.0.buffers + results.1.buffers }

    package func run() throws(EngineError) {
        try fusion.split(
            gradient.values, weights.0, weights.1, upGradient: results.0.values, weightGradient: results.1.values,
            workspace: workspace.values)
    }
}
