internal import Tensors

/// The gradients of a network's parameters at the start of a pass's arena, in the parameters' order.
///
/// Each has its place from the step that computes it on. Until then activations lie there, most of which are no longer
/// needed when the gradients of the coarse levels, the largest ones, are computed.
final class PlannedGradients {
    private let parameters: Parameters
    private let arena: Arena
    private let buffers: [String: Buffer]

    init(of parameters: Parameters, in arena: Arena) {
        self.parameters = parameters
        self.arena = arena
        let buffers = parameters.entries.map { ($0.name, arena.reserve($0.count, at: $0.offset)) }
        self.buffers = Dictionary(uniqueKeysWithValues: buffers)
    }

    /// Where the gradient of a tensor that the network must have is written.
    func location(_ name: String) -> WeightLocation {
        guard let buffer = buffers[name] else { preconditionFailure("the network has no tensor \(name)") }
        return .planned(buffer)
    }

    func location(_ node: GraphNode, _ role: GraphTensor.Role) -> WeightLocation {
        guard let name = node.tensor(role) else { preconditionFailure("\(node.name) has no \(role)") }
        return location(name)
    }

    /// Allocates the plan's arena, and returns the gradients as parameters; those that no operation computes stay 0.
    func allocate(_ plan: Plan) throws(EngineError) -> Parameters {
        for buffer in buffers.values { buffer.keepOn() }
        try plan.allocate()
        guard let first = parameters.entries.first, let buffer = buffers[first.name] else { return parameters.zeros() }
        return parameters.sameLayout(at: buffer.values, of: arena)
    }
}
