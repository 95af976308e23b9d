/// The weights of a merged up-convolution and convolution, from those of both.
package final class MergedWeights: Operation {
    package let kind = "merge weights"
    package var arithmetic: Int { merging.arithmetic }
    /// What `run` leaves.
    package let result: Buffer
    private let merging: Merging
    private let upWeights: UnsafeMutablePointer<Float>
    private let weights: UnsafeMutablePointer<Float>
    private let workspace: Buffer

    /// Both weights must outlive this.
    package init(
        _ merging: Merging, upWeights: UnsafeMutablePointer<Float>, weights: UnsafeMutablePointer<Float>, arena: Arena
    ) {
        self.merging = merging
        self.upWeights = upWeights
        self.weights = weights
        result = arena.reserve(merging.weightCount)
        workspace = arena.reserve(merging.workspaceCount(forGradient: false))
    }

    package var buffers: [Buffer] { [result, workspace] }

    package func run() throws(EngineError) {
        try merging.merge(upWeights, weights, into: result.values, workspace: workspace.values)
    }
}
