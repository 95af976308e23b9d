/// A network as a value: what is computed from what, by which tensors.
///
/// It says all that the weights don't. Parameters, planners, checkpoints and extents read it, and so can whatever
/// computes or exports the network by other means.
package struct NetworkGraph: Hashable, Sendable {
    /// What is added to a variance before its root divides: normalised = (value − mean) / √(variance + ε).
    package static let epsilon: Float = 1e-5
    /// The part of a new batch in the running statistics.
    package static let momentum: Float = 0.1

    package let configuration: UNetConfiguration
    /// In an order in which they can be computed; tensors lie in files and in memory in that order.
    package let nodes: [GraphNode]

    /// The U-Net that a valid configuration describes; see `UNetConfiguration.validate`.
    package init(_ configuration: UNetConfiguration) {
        self.configuration = configuration
        nodes = UNetBuilder(configuration).nodes
    }

    /// The node that answers: classes × the finest level's voxels.
    package var output: GraphNode {
        guard let node = nodes.first(where: { $0.operation == .output }) else {
            preconditionFailure("a network has an output")
        }
        return node
    }

    /// The output layer of a node's results that training has besides; nil for most.
    package func deepOutput(of node: GraphNode) -> GraphNode? {
        nodes.first { $0.operation == .deepOutput && $0.inputs == [node.id] }
    }

    /// What training moves, in order.
    package var learned: [GraphTensor] { nodes.flatMap(\.tensors).filter(\.isLearned) }
    /// The running statistics, in order.
    package var running: [GraphTensor] { nodes.flatMap(\.tensors).filter { !$0.isLearned } }
    /// How many learned values there are.
    package var parameterCount: Int { learned.reduce(0) { $0 + $1.count } }
    /// How many values there are in all, running statistics included.
    var valueCount: Int { nodes.flatMap(\.tensors).reduce(0) { $0 + $1.count } }
}

extension UNetConfiguration {
    /// The network that it describes; it has to be valid.
    package var graph: NetworkGraph { NetworkGraph(self) }
}
