internal import Tensors

/// Describes the backward pass that belongs to a planned forward pass.
final class BackwardPlanner {
    private let forward: ForwardPlanner
    private let gradients: PlannedGradients
    private let engine: Engine
    private let plan: Plan
    /// Convolutions that the backward pass computes once more, by node id.
    private var repeated: [Int: PlannedConvolution] = [:]
    /// The nodes whose gradients are complete after so many of the plan's steps, not before.
    private var completed: [Int: [GraphNode]] = [:]

    private var graph: NetworkGraph { forward.graph }
    private var parameters: Parameters { forward.network.parameters }

    init(of forward: ForwardPlanner, gradients: PlannedGradients) {
        self.forward = forward
        self.gradients = gradients
        engine = forward.engine
        plan = forward.plan
    }

    /// Appends the backward pass, from the gradient at the last features to the gradients of all parameters.
    ///
    /// `visit` may append operations that add the gradient of a coarser level's output to that level's features.
    func append(from last: Tensor, visit: (_ output: GraphNode, ConvolutionInput, _ gradient: Tensor) -> Void)
        throws(EngineError)
    {
        /// Gradients at the nodes' results, by node id; an encoder level first has only that of its skip connection.
        var known = [graph.output.inputs[0]: last]
        complete(graph.output)
        for node in graph.nodes.reversed() {
            guard let gradient = known[node.id] else { continue }
            switch node.operation {
            case .convolution:
                let planned = withRepeatedSource(repeated[node.id] ?? forward.convolution(node.id))
                let gradient = whole(gradient, of: planned, readBy: node.level - 1)
                if let output = graph.deepOutput(of: node) {
                    visit(output, planned.activation, gradient)
                    complete(output)
                }
                let sources = sources(of: planned)
                let results = try backward(planned, gradient, toSources: !sources.isEmpty)
                complete(node)
                if let fused = planned.fused { complete(fused.node) }
                for (source, result) in zip(sources, results) { known[source] = result }
            case .upConvolution:
                guard let up = forward.upConvolutions[node.id] else { continue }
                known[node.inputs[0]] = try backward(up, gradient)
                complete(node)
            case .pooling(let window):
                let source = forward.convolution(node.inputs[0])
                guard let part = known[source.node.id] else { continue }
                // Not earlier: with valid padding the whole tensor is much larger than the part.
                let skip = whole(part, of: source, readBy: source.node.level)
                plan.append(
                    node.name,
                    PoolingBackward(
                        of: source.values, scaleShift: source.scaleShift, window: window, gradient: gradient,
                        addedTo: skip, engine: engine))
                known[source.node.id] = skip
            case .image, .concatenation, .output, .deepOutput: continue
            }
        }
    }

    /// The convolution with its source computed once more, if that has not been kept.
    private func withRepeatedSource(_ planned: PlannedConvolution) -> PlannedConvolution {
        let source = graph.nodes[planned.node.inputs[0]]
        guard case .convolution = source.operation, let again = forward.again(forward.convolution(source.id)) else {
            return planned
        }
        repeated[source.id] = again
        return planned.with(sources: [again.activation])
    }

    private func complete(_ node: GraphNode) { completed[plan.steps.count, default: []].append(node) }

    /// How many of the first parts have their gradients complete after each number of the plan's steps.
    func completion(of parts: [LearnedPart]) -> [Int] {
        let names = parts.map { part in
            parameters.entries.filter { part.range.contains($0.offset) }.map(\.name)
        }
        var done: Set<String> = []
        var count = 0
        return (0...plan.steps.count).map { steps in
            for node in completed[steps] ?? [] { done.formUnion(node.tensors.map(\.name)) }
            while count < parts.count, done.isSuperset(of: names[count]) { count += 1 }
            return count
        }
    }

    /// The nodes whose results a convolution reads as planned; empty for the image, whose gradient isn't needed.
    private func sources(of planned: PlannedConvolution) -> [Int] {
        let source = graph.nodes[planned.node.inputs[0]]
        switch source.operation {
        case .image: return []
        case .concatenation:
            guard let fused = planned.fused else { return source.inputs }
            return fused.node.inputs + source.inputs.dropFirst()
        case .convolution, .pooling, .upConvolution, .output, .deepOutput: return [source.id]
        }
    }

    /// Appends the gradients of a convolution's parameters and, if asked for, of its sources, from that at its
    /// activation; the first source of a merged convolution is the up-convolution's source.
    private func backward(
        _ planned: PlannedConvolution, _ gradient: Tensor, toSources: Bool = true
    ) throws(EngineError) -> [Tensor] {
        let node = planned.node
        if let bias = node.tensor(.bias) {
            plan.append(
                planned.normName,
                ActivationBackward(
                    of: planned.values, gradient: gradient, biasGradient: gradients.location(bias), engine: engine))
        } else {
            plan.append(
                planned.normName,
                NormalizationBackward(
                    of: planned.values, scaleShift: planned.scaleShift, gradient: gradient,
                    scaleGradient: gradients.location(node, .scale), shiftGradient: gradients.location(node, .shift),
                    arena: plan.arena, engine: engine))
        }
        if let fused = planned.fused { return backward(planned, fused, gradient) }
        try weightGradient(planned, gradient)
        guard toSources else { return [] }
        let results = planned.shape.sources.map { Tensor($0, .blocked, in: plan.arena, engine: engine) }
        let weights = parameters.pointer(node, .weights)
        if let builtIn = planned.builtIn {
            plan.append(
                node.name,
                BuiltInBackwardData(
                    builtIn, gradient: gradient, results: results, weights: .fixed(weights), arena: plan.arena))
            return results
        }
        for (index, result) in results.enumerated() {
            plan.append(
                node.name,
                try OneDNNBackwardData(
                    planned.shape, source: index, gradient: gradient, result: result, weights: weights,
                    arena: plan.arena, engine: engine))
        }
        return results
    }

    /// Appends the gradients of a merged convolution: of both nodes' weights, of the up-convolution's source and of the
    /// skip connection.
    private func backward(
        _ planned: PlannedConvolution, _ fused: FusedUpConvolution, _ gradient: Tensor
    ) -> [Tensor] {
        let node = planned.node, up = fused.node
        let fusion = fused.fusion, offset = fusion.otherOffset, arena = plan.arena
        let weights = parameters.pointer(node, .weights), result = gradients.location(node, .weights)
        let split = FusedUpsamplingWeightsBackward(
            fusion, upWeights: parameters.pointer(up, .weights), weights: weights,
            upResult: gradients.location(up, .weights), result: result, arena: arena)
        plan.append(
            up.name,
            BuiltInBackwardWeights(
                fusion.fused, sources: [fused.source], gradient: gradient, result: .planned(split.gradient),
                arena: arena))
        plan.append(up.name, split)
        plan.append(
            node.name,
            BuiltInBackwardWeights(
                fusion.other, sources: planned.sources, gradient: gradient, result: result.advanced(by: offset),
                arena: arena))
        // Kept since the forward pass, the merged weights would take room where the step takes most.
        let again = FusedUpsamplingWeights(
            fusion, upWeights: parameters.pointer(up, .weights), weights: weights, arena: arena)
        plan.append(up.name, again)
        let low = Tensor(fused.source.shape, .blocked, in: arena, engine: engine)
        let skip = Tensor(planned.sources[0].shape, .blocked, in: arena, engine: engine)
        plan.append(
            up.name,
            BuiltInBackwardData(
                fusion.fused, gradient: gradient, results: [low], weights: .planned(again.result),
                arena: arena))
        plan.append(
            node.name,
            BuiltInBackwardData(
                fusion.other, gradient: gradient, results: [skip], weights: .fixed(weights + offset), arena: arena))
        return [low, skip]
    }

    private func weightGradient(_ planned: PlannedConvolution, _ gradient: Tensor) throws(EngineError) {
        let node = planned.node
        let result = gradients.location(node, .weights)
        if let builtIn = planned.builtIn {
            plan.append(
                node.name,
                BuiltInBackwardWeights(
                    builtIn, sources: planned.sources, gradient: gradient, result: result, arena: plan.arena))
            return
        }
        let sources = planned.sources.map { plan.materialise($0, for: node.name, engine: engine) }
        plan.append(
            node.name,
            try OneDNNBackwardWeights(
                planned.shape, sources: sources, gradient: gradient, result: result, arena: plan.arena, engine: engine))
    }

    /// The gradient of the part of a convolution's activation that a decoder level read, padded with zeros to its
    /// extent.
    private func whole(_ gradient: Tensor, of planned: PlannedConvolution, readBy level: Int) -> Tensor {
        guard gradient.shape.extent != planned.values.shape.extent else { return gradient }
        let large = Tensor(planned.values.shape, .blocked, in: plan.arena, engine: engine)
        plan.append("decoder.\(level).crop", Crop(large: large, small: gradient, .backward, engine: engine))
        return large
    }

    /// Appends the gradients of an up-convolution's weights and source, from that at its result.
    private func backward(_ planned: PlannedUpConvolution, _ gradient: Tensor) throws(EngineError) -> Tensor {
        let node = planned.node
        let weights = parameters.pointer(node, .weights), change = gradients.location(node, .weights)
        let result = Tensor(planned.shape.sources[0], .blocked, in: plan.arena, engine: engine)
        if let builtIn = planned.builtIn {
            plan.append(
                node.name,
                BuiltInUpsamplingBackwardWeights(
                    builtIn, source: planned.source, gradient: gradient, result: change, arena: plan.arena))
            plan.append(
                node.name,
                BuiltInUpsamplingBackwardData(
                    builtIn, gradient: gradient, result: result, weights: weights, arena: plan.arena))
            return result
        }
        let source = plan.materialise(planned.source, for: node.name, engine: engine)
        plan.append(
            node.name,
            try OneDNNBackwardWeights(
                planned.shape, sources: [source], gradient: gradient, result: change, arena: plan.arena, engine: engine)
        )
        plan.append(
            node.name,
            try OneDNNBackwardData(
                planned.shape, source: 0, gradient: gradient, result: result, weights: weights, arena: plan.arena,
                engine: engine))
        return result
    }
}
