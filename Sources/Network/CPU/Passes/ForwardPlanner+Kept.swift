internal import Tensors

/// What the forward pass keeps for the backward pass and for skip connections.
extension ForwardPlanner {
    /// A tensor for results of the project's own kernels, which they read again, too.
    func kept(_ shape: Shape) -> Tensor {
        // The direct kernels, for up to 4 channels, read floats.
        let isHalf = roundsActivations && shape.channels > 4
        return Tensor(shape, .blocked, in: arena, isHalf: isHalf, engine: engine)
    }

    /// A tensor for what a convolution alone reads, without a normalisation in between.
    func result(_ shape: Shape, readBy convolution: GraphOperation.Convolution?) -> Tensor {
        guard let convolution, engine.prefersOwnKernels, convolution.kernel[1...] == [3, 3] else {
            return Tensor(shape, .blocked, in: arena, engine: engine)
        }
        return kept(shape)
    }

    /// The convolution that reads a node.
    func convolution(reading node: GraphNode) -> GraphOperation.Convolution? {
        for reader in graph.nodes where reader.inputs.contains(node.id) {
            if case .convolution(let convolution) = reader.operation { return convolution }
        }
        return nil
    }

    /// Appends a convolution of the image once more, so that its result need not be kept; nil where that isn't saved.
    ///
    /// It is large and soon computed.
    func again(_ planned: PlannedConvolution) -> PlannedConvolution? {
        guard roundsActivations, graph.nodes[planned.node.inputs[0]].operation == .image,
            let builtIn = planned.builtIn
        else { return nil }
        let again = planned.with(values: kept(planned.values.shape))
        plan.append(
            planned.node.name,
            BuiltInForward(
                builtIn, sources: again.sources, destination: again.values,
                weights: .fixed(parameters.pointer(planned.node, .weights)), bias: bias(of: planned.node),
                packsEachRun: true, arena: arena))
        return again
    }

    private var roundsActivations: Bool { mode == .training(roundsActivations: true) }
}
