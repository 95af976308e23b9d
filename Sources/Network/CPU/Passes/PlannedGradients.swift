internal import Tensors

/// The gradients of a network's parameters at the start of a pass's arena, in the parameters' order.
///
/// Each has its place from the step that computes it on. Until then activations lie there, most of which are no longer
/// needed when the gradients of the coarse levels, the largest ones, are computed.
final class PlannedGradients {
    private let parameters: Parameters
    private let arena: Arena
    private let buffers: [String: Buffer]
    /// Those that no operation computes.
    private var idle: [Buffer] = []
    /// The gradients where they lay when they were asked for last.
    private var found: Parameters?

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

    /// Allocates the plan's arena, all operations having been planned.
    func allocate(_ plan: Plan) throws(EngineError) {
        idle = buffers.values.filter { !$0.isTouched }
        for buffer in buffers.values { buffer.keepOn() }
        try plan.allocate()
    }

    /// Makes those 0 that no operation computes.
    func clear() { for buffer in idle { buffer.values.update(repeating: 0, count: buffer.count) } }

    /// The gradients as parameters, where they lie now.
    var values: Parameters {
        if let found, found.values.baseAddress == arena.start { return found }
        let values = parameters.sameLayout(at: arena.start, of: arena)
        found = values
        return values
    }
}
