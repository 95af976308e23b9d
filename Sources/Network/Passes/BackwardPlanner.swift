internal import Tensors

/// Describes the backward pass that belongs to a planned forward pass.
final class BackwardPlanner {
    private let forward: ForwardPlanner
    private let gradients: Parameters
    private let engine: Engine
    private let plan: Plan

    private var configuration: UNetConfiguration { forward.network.configuration }
    private var parameters: Parameters { forward.network.parameters }

    init(of forward: ForwardPlanner, gradients: Parameters) {
        self.forward = forward
        self.gradients = gradients
        engine = forward.engine
        plan = forward.plan
    }

    /// Appends the pass from the gradient at the last features to the gradients of all parameters.
    ///
    /// `visit` may append what adds to the gradient at the last features of each coarser level.
    func append(from last: Tensor, visit: (_ level: Int, ConvolutionInput, _ gradient: Tensor) -> Void)
        throws(EngineError)
    {
        let levels = configuration.levels
        var gradient = last
        var skipped: [Int: Tensor] = [:]
        for level in 0..<levels - 1 {
            guard let nodes = forward.decoders[level] else { continue }
            let inner = try backward(nodes[1], gradient)[0]
            let outer = try backward(nodes[0], inner)
            skipped[level] = outer[1]
            gradient =
                try forward.upsamplings[level].map { (up) throws(EngineError) in try backward(up, outer[0]) }
                ?? outer[0]
            let below = forward.decoders[level + 1] ?? forward.encoders[level + 1]
            gradient = whole(gradient, of: below[1], level: level)
            visit(level + 1, below[1].activation, gradient)
        }
        for level in (0..<levels).reversed() {
            let nodes = forward.encoders[level]
            if let part = skipped[level] {
                // Only now, for with valid padding the whole is much larger than the part.
                let skip = whole(part, of: nodes[1], level: level)
                plan.append(
                    "encoder.\(level).pool",
                    PoolingBackward(
                        of: nodes[1].values, scaleShift: nodes[1].scaleShift, window: configuration.window(level),
                        gradient: gradient, addedTo: skip, engine: engine))
                gradient = skip
            }
            let inner = try backward(nodes[1], gradient)[0]
            let outer = try backward(nodes[0], inner, toSources: level > 0)
            if level > 0 { gradient = outer[0] }
        }
    }

    /// From the gradient at a node's activation to its parameters and, where wanted, to its sources; the first source
    /// of a merged one is the up-convolution's.
    private func backward(
        _ node: ConvolutionNode, _ gradient: Tensor, toSources: Bool = true
    ) throws(EngineError) -> [Tensor] {
        if configuration.normalization == .none {
            plan.append(
                node.normName,
                ActivationBackward(
                    of: node.values, gradient: gradient, biasGradient: gradients.pointer(node.biasName), engine: engine)
            )
        } else {
            plan.append(
                node.normName,
                NormalizationBackward(
                    of: node.values, scaleShift: node.scaleShift, gradient: gradient,
                    scaleGradient: gradients.pointer(node.normName + ".weight"),
                    shiftGradient: gradients.pointer(node.normName + ".bias"), arena: plan.arena, engine: engine))
        }
        if let fused = node.fused { return backward(node, fused, gradient) }
        try weightGradient(node, gradient)
        guard toSources else { return [] }
        let results = node.shape.sources.map { Tensor($0, .blocked, in: plan.arena, engine: engine) }
        let weights = parameters.pointer(node.weightName)
        if let builtIn = node.builtIn {
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
                    node.shape, source: index, gradient: gradient, result: result, weights: weights,
                    arena: plan.arena, engine: engine))
        }
        return results
    }

    /// From the gradient at the values of a merged node to both parameters, the up-convolution's source and the skip.
    private func backward(_ node: ConvolutionNode, _ fused: FusedUpsampling, _ gradient: Tensor) -> [Tensor] {
        let fusion = fused.fusion, offset = fusion.otherOffset, arena = plan.arena
        let weights = parameters.pointer(node.weightName), result = gradients.pointer(node.weightName)
        let split = FusedUpsamplingWeightsBackward(
            fusion, upWeights: parameters.pointer(fused.weightName), weights: weights,
            upResult: gradients.pointer(fused.weightName), result: result, arena: arena)
        plan.append(
            fused.name,
            BuiltInBackwardWeights(
                fusion.fused, sources: [fused.source], gradient: gradient, result: .planned(split.gradient),
                arena: arena))
        plan.append(fused.name, split)
        plan.append(
            node.name,
            BuiltInBackwardWeights(
                fusion.other, sources: node.sources, gradient: gradient, result: .fixed(result + offset), arena: arena)
        )
        let low = Tensor(fused.source.shape, .blocked, in: arena, engine: engine)
        let skip = Tensor(node.sources[0].shape, .blocked, in: arena, engine: engine)
        plan.append(
            fused.name,
            BuiltInBackwardData(
                fusion.fused, gradient: gradient, results: [low], weights: .planned(fused.weights.result),
                arena: arena))
        plan.append(
            node.name,
            BuiltInBackwardData(
                fusion.other, gradient: gradient, results: [skip], weights: .fixed(weights + offset), arena: arena))
        return [low, skip]
    }

    private func weightGradient(_ node: ConvolutionNode, _ gradient: Tensor) throws(EngineError) {
        let result = gradients.pointer(node.weightName)
        if let builtIn = node.builtIn {
            plan.append(
                node.name,
                BuiltInBackwardWeights(
                    builtIn, sources: node.sources, gradient: gradient, result: .fixed(result), arena: plan.arena))
            return
        }
        let sources = node.sources.map { plan.materialise($0, for: node.name, engine: engine) }
        plan.append(
            node.name,
            try OneDNNBackwardWeights(
                node.shape, sources: sources, gradient: gradient, result: result, arena: plan.arena, engine: engine))
    }

    /// The gradient of what a level of the decoder read, in the whole extent of the node it came from.
    private func whole(_ gradient: Tensor, of node: ConvolutionNode, level: Int) -> Tensor {
        guard gradient.shape.extent != node.values.shape.extent else { return gradient }
        let large = Tensor(node.values.shape, .blocked, in: plan.arena, engine: engine)
        plan.append("decoder.\(level).crop", Crop(large: large, small: gradient, .backward, engine: engine))
        return large
    }

    /// From the gradient at an up-convolution's result to its weights and its source.
    private func backward(_ node: UpsamplingNode, _ gradient: Tensor) throws(EngineError) -> Tensor {
        let weights = parameters.pointer(node.weightName), change = gradients.pointer(node.weightName)
        let result = Tensor(node.shape.sources[0], .blocked, in: plan.arena, engine: engine)
        if let builtIn = node.builtIn {
            plan.append(
                node.name,
                BuiltInUpsamplingBackwardWeights(
                    builtIn, source: node.source, gradient: gradient, result: change, arena: plan.arena))
            plan.append(
                node.name,
                BuiltInUpsamplingBackwardData(
                    builtIn, gradient: gradient, result: result, weights: weights, arena: plan.arena))
            return result
        }
        let source = plan.materialise(node.source, for: node.name, engine: engine)
        plan.append(
            node.name,
            try OneDNNBackwardWeights(
                node.shape, sources: [source], gradient: gradient, result: change, arena: plan.arena, engine: engine))
        plan.append(
            node.name,
            try OneDNNBackwardData(
                node.shape, source: 0, gradient: gradient, result: result, weights: weights, arena: plan.arena,
                engine: engine))
        return result
    }
}
