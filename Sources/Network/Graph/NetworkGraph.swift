/// A network as a value: its operations, their inputs and their tensors.
///
/// It describes everything except the weights. Parameters, planners, checkpoints and extents read it, and so can other
/// engines and exporters.
package struct NetworkGraph: Hashable, Sendable {
    /// Added to the variance in normalisation: normalised = (value − mean) / √(variance + ε).
    package static let epsilon: Float = 1e-5
    /// The weight of a new batch in the running statistics.
    package static let momentum: Float = 0.1

    package let configuration: UNetConfiguration
    /// The nodes in an order in which they can be computed; files and memory hold their tensors in this order.
    package let nodes: [GraphNode]

    /// The U-Net that a valid configuration describes; see `UNetConfiguration.validate`.
    package init(_ configuration: UNetConfiguration) {
        self.configuration = configuration
        nodes = UNetBuilder(configuration).nodes
    }

    /// The node whose result is the network's output: classes × the finest level's voxels.
    package var output: GraphNode {
        guard let node = nodes.first(where: { $0.operation == .output }) else {
            preconditionFailure("the network has no output")
        }
        return node
    }

    /// The output layer for deep supervision that reads a node's result; nil if it has none.
    package func deepOutput(of node: GraphNode) -> GraphNode? {
        nodes.first { $0.operation == .deepOutput && $0.inputs == [node.id] }
    }

    /// The learned tensors, in order.
    package var learned: [GraphTensor] { nodes.flatMap(\.tensors).filter(\.isLearned) }
    /// The running statistics, in order.
    package var running: [GraphTensor] { nodes.flatMap(\.tensors).filter { !$0.isLearned } }
    /// The number of learned values.
    package var parameterCount: Int { learned.reduce(0) { $0 + $1.count } }
    /// The number of all values, running statistics included.
    var valueCount: Int { nodes.flatMap(\.tensors).reduce(0) { $0 + $1.count } }
}

extension UNetConfiguration {
    /// The network that a valid configuration describes.
    package var graph: NetworkGraph { NetworkGraph(self) }
}
