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
    func append(from last: Tensor) throws(EngineError) {
        let levels = configuration.levels
        var gradient = last
        var skipped: [Int: Tensor] = [:]
        for level in 0..<levels - 1 {
            guard let nodes = forward.decoders[level], let up = forward.upsamplings[level] else { continue }
            try parametersOf(nodes[1], gradient)
            let inner = try sourceOf(nodes[1], 0, gradient)
            try parametersOf(nodes[0], inner)
            let upper = try sourceOf(nodes[0], 0, inner)
            skipped[level] = try skip(of: nodes[0], inner, level: level)
            gradient = try upsampling(up, upper, level: level)
        }
        for level in (0..<levels).reversed() {
            let nodes = forward.encoders[level]
            if level < levels - 1, let whole = skipped[level] {
                plan.append(
                    "encoder.\(level).pool",
                    PoolingBackward(
                        of: nodes[1].values, affine: nodes[1].affine, window: configuration.window, gradient: gradient,
                        addedTo: whole, engine: engine))
                gradient = whole
            }
            try parametersOf(nodes[1], gradient)
            let inner = try sourceOf(nodes[1], 0, gradient)
            try parametersOf(nodes[0], inner)
            if level > 0 { gradient = try sourceOf(nodes[0], 0, inner) }
        }
    }

    /// Through the activation in place, then to weights, bias and norm.
    private func parametersOf(_ node: ConvolutionNode, _ gradient: Tensor) throws(EngineError) {
        if configuration.normalization == .none {
            plan.append(
                node.normName,
                ActivationBackward(
                    of: node.values, gradient: gradient, biasGradient: gradients.pointer(node.biasName), engine: engine))
        } else {
            plan.append(
                node.normName,
                NormalizationBackward(
                    of: node.values, affine: node.affine, gradient: gradient,
                    scaleGradient: gradients.pointer(node.normName + ".weight"),
                    shiftGradient: gradients.pointer(node.normName + ".bias"), arena: plan.arena, engine: engine))
        }
        let sources = node.sources.map { again($0) }
        plan.append(
            node.name,
            try ConvolutionBackwardWeights(
                node.shape, sources: sources, gradient: gradient, result: gradients.pointer(node.weightName),
                arena: plan.arena, engine: engine))
    }

    /// The values of a feature, computed again where they were not kept.
    private func again(_ feature: Feature) -> Tensor {
        guard let node = feature.origin else { return feature.tensor }
        let result = Tensor(node.values.shape, .blocked, in: plan.arena, engine: engine)
        plan.append(node.normName, Activation(of: node.values, affine: node.affine, into: result, engine: engine))
        return result
    }

    private func sourceOf(_ node: ConvolutionNode, _ index: Int, _ gradient: Tensor) throws(EngineError) -> Tensor {
        let result = Tensor(node.shape.sources[index], .blocked, in: plan.arena, engine: engine)
        plan.append(
            node.name,
            try ConvolutionBackwardData(
                node.shape, source: index, gradient: gradient, result: result,
                weights: parameters.pointer(node.weightName), arena: plan.arena, engine: engine))
        return result
    }

    /// The gradient at the activation that skipped to a level, in its whole extent.
    private func skip(of node: ConvolutionNode, _ gradient: Tensor, level: Int) throws(EngineError) -> Tensor {
        let small = try sourceOf(node, 1, gradient)
        guard forward.crops[level] != nil else { return small }
        let large = Tensor(forward.encoders[level][1].values.shape, .blocked, in: plan.arena, engine: engine)
        plan.append("decoder.\(level).crop", Crop(large: large, small: small, .backward, engine: engine))
        return large
    }

    private func upsampling(
        _ up: (shape: ConvolutionShape, source: Feature, result: Tensor), _ gradient: Tensor, level: Int
    ) throws(EngineError) -> Tensor {
        let name = "decoder.\(level).up"
        plan.append(
            name,
            try ConvolutionBackwardWeights(
                up.shape, sources: [again(up.source)], gradient: gradient, result: gradients.pointer(name + ".weight"),
                arena: plan.arena, engine: engine))
        let result = Tensor(up.shape.sources[0], .blocked, in: plan.arena, engine: engine)
        plan.append(
            name,
            try ConvolutionBackwardData(
                up.shape, source: 0, gradient: gradient, result: result,
                weights: parameters.pointer(name + ".weight"), arena: plan.arena, engine: engine))
        return result
    }
}
