import Tensors

/// All passes of an up-convolution and the convolution after it on plain arrays: with the project's own kernels merged,
/// else one after the other.
final class UpsamplingFusionRun {
    private let up: ConvolutionShape
    private let convolution: ConvolutionShape
    private let engine: Engine
    private let plan = Plan()
    private let parameters: UnsafeMutablePointer<Float>

    init(_ up: ConvolutionShape, _ convolution: ConvolutionShape, engine: Engine) {
        self.up = up
        self.convolution = convolution
        self.engine = engine
        let count = 2 * (up.weightCount + convolution.weightCount)
        parameters = .allocate(capacity: count)
        parameters.initialize(repeating: 0, count: count)
    }

    deinit { parameters.deallocate() }

    private var upWeights: UnsafeMutablePointer<Float> { parameters }
    private var weights: UnsafeMutablePointer<Float> { parameters + up.weightCount }
    private var upGradient: UnsafeMutablePointer<Float> { weights + convolution.weightCount }
    private var gradient: UnsafeMutablePointer<Float> { upGradient + up.weightCount }

    /// Result, gradients at both sources, of the up-convolution's and of the convolution's weights.
    func passes(
        source: [Float], other: [Float], upWeights first: [Float], weights second: [Float], gradient values: [Float]
    ) throws -> [[Float]] {
        upWeights.update(from: first, count: first.count)
        weights.update(from: second, count: second.count)
        let low = input(up.sources[0]), skip = input(convolution.sources[1]), incoming = input(convolution.destination)
        let result = kept(convolution.destination)
        let backs = [kept(up.sources[0]), kept(convolution.sources[1])]
        if engine.kernels == .own {
            try appendMerged(low.blocked, skip.blocked, incoming.blocked, result, backs)
        } else {
            try appendApart(low.blocked, skip.blocked, incoming.blocked, result, backs)
        }
        try plan.allocate()
        _ = low.plain.values.update(fromContentsOf: source)
        _ = skip.plain.values.update(fromContentsOf: other)
        _ = incoming.plain.values.update(fromContentsOf: values)
        try plan.run()
        return ([result] + backs).map(engine.plain) + [
            Array(UnsafeBufferPointer(start: upGradient, count: up.weightCount)),
            Array(UnsafeBufferPointer(start: gradient, count: convolution.weightCount)),
        ]
    }

    private func kept(_ shape: Shape, _ order: Tensor.Order = .blocked) -> Tensor {
        let tensor = Tensor(shape, order, in: plan.arena, engine: engine)
        tensor.buffer.keep()
        return tensor
    }

    private func input(_ shape: Shape) -> (plain: Tensor, blocked: Tensor) {
        let pair = (kept(shape, .plain), kept(shape))
        plan.append("input", LayoutConversion(pair.0, into: pair.1, engine: engine))
        return pair
    }

    private func appendMerged(
        _ low: Tensor, _ skip: Tensor, _ incoming: Tensor, _ result: Tensor, _ backs: [Tensor]
    ) throws {
        guard let fusion = UpsamplingFusion(up, then: convolution, inTraining: true, engine: engine) else {
            throw Missing()
        }
        let arena = plan.arena, offset = fusion.otherOffset
        let merge = FusedUpsamplingWeights(fusion, upWeights: upWeights, weights: weights, arena: arena)
        let split = FusedUpsamplingWeightsBackward(
            fusion, upWeights: upWeights, weights: weights, upResult: .fixed(upGradient), result: .fixed(gradient),
            arena: arena)
        let operations: [any Operation] = [
            merge,
            BuiltInForward(
                fusion.fused, sources: [ConvolutionInput(low)], destination: result, weights: .planned(merge.result),
                packsEachRun: true, arena: arena),
            BuiltInForward(
                fusion.other, sources: [ConvolutionInput(skip)], destination: result, weights: .fixed(weights + offset),
                accumulates: true, packsEachRun: true, arena: arena),
            BuiltInBackwardWeights(
                fusion.fused, sources: [ConvolutionInput(low)], gradient: incoming, result: .planned(split.gradient),
                arena: arena),
            split,
            BuiltInBackwardWeights(
                fusion.other, sources: [ConvolutionInput(skip)], gradient: incoming, result: .fixed(gradient + offset),
                arena: arena),
            BuiltInBackwardData(
                fusion.fused, gradient: incoming, results: [backs[0]], weights: .planned(merge.result), arena: arena),
            BuiltInBackwardData(
                fusion.other, gradient: incoming, results: [backs[1]], weights: .fixed(weights + offset), arena: arena),
        ]
        for operation in operations { plan.append("merged", operation) }
    }

    private struct Missing: Error {}

    private func appendApart(
        _ low: Tensor, _ skip: Tensor, _ incoming: Tensor, _ result: Tensor, _ backs: [Tensor]
    ) throws {
        let arena = plan.arena, middle = kept(up.destination), back = kept(up.destination)
        var operations: [any Operation] = [
            try OneDNNForward(
                up, sources: [low], destination: middle, weights: upWeights, bias: nil, packsEachRun: true,
                arena: arena, engine: engine),
            try OneDNNForward(
                convolution, sources: [middle, skip], destination: result, weights: weights, bias: nil,
                packsEachRun: true, arena: arena, engine: engine),
            try OneDNNBackwardWeights(
                convolution, sources: [middle, skip], gradient: incoming, result: .fixed(gradient), arena: arena,
                engine: engine),
        ]
        for (index, result) in [back, backs[1]].enumerated() {
            operations.append(
                try OneDNNBackwardData(
                    convolution, source: index, gradient: incoming, result: result, weights: weights, arena: arena,
                    engine: engine))
        }
        operations.append(
            try OneDNNBackwardWeights(
                up, sources: [low], gradient: back, result: .fixed(upGradient), arena: arena, engine: engine))
        operations.append(
            try OneDNNBackwardData(
                up, source: 0, gradient: back, result: backs[0], weights: upWeights, arena: arena, engine: engine))
        for operation in operations { plan.append("apart", operation) }
    }
}
