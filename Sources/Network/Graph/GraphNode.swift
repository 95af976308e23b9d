/// One step of a network: an operation on the results of earlier ones.
package struct GraphNode: Hashable, Sendable {
    /// Its place among the graph's nodes.
    package let id: Int
    /// "encoder.0.conv0".
    package let name: String
    package let operation: GraphOperation
    /// The nodes whose results it reads, in order; all stand before it.
    package let inputs: [Int]
    /// The resolution of its result: 0 is the image's, each further one is pooled once more.
    package let level: Int
    /// Channels of its result.
    package let channels: Int
    package let tensors: [GraphTensor]

    /// The name of its tensor of a role; nil where it has none.
    package func tensor(_ role: GraphTensor.Role) -> String? { tensors.first { $0.role == role }?.name }
}
