/// One step of a network: an operation on the results of earlier ones.
package struct GraphNode: Hashable, Sendable {
    /// Its index among the graph's nodes.
    package let id: Int
    /// "encoder.0.conv0".
    package let name: String
    package let operation: GraphOperation
    /// The nodes whose results it reads, in order; all come before it.
    package let inputs: [Int]
    /// The resolution of its result: 0 is the image's, and each pooling adds 1.
    package let level: Int
    /// Channels of its result.
    package let channels: Int
    package let tensors: [GraphTensor]

    /// The name of its tensor with a role; nil if it has none.
    package func tensor(_ role: GraphTensor.Role) -> String? { tensors.first { $0.role == role }?.name }
}
