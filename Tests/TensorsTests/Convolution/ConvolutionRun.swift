import Tensors

/// All passes of one convolution on plain arrays.
final class ConvolutionRun {
    private let shape: ConvolutionShape
    private let engine: Engine

    init(_ shape: ConvolutionShape, engine: Engine) throws {
        self.shape = shape
        self.engine = engine
    }

    func passes(
        sources values: [[Float]], weights: [Float], gradient: [Float]
    ) throws -> (forward: [Float], sources: [[Float]], weights: [Float]) {
        let plan = Plan(), arena = plan.arena
        func kept(_ shape: Shape, _ order: Tensor.Order) -> Tensor {
            let tensor = Tensor(shape, order, in: arena, engine: engine)
            tensor.buffer.keep()
            return tensor
        }
        func blocked(_ shape: Shape) -> (plain: Tensor, blocked: Tensor) {
            let pair = (kept(shape, .plain), kept(shape, .blocked))
            plan.append("input", LayoutConversion(pair.0, into: pair.1, engine: engine))
            return pair
        }
        let inputs = shape.sources.map { blocked($0) }, incoming = blocked(shape.destination)
        let result = kept(shape.destination, .blocked), backs = shape.sources.map { kept($0, .blocked) }
        let weightValues = UnsafeMutablePointer<Float>.allocate(capacity: 2 * weights.count)
        defer { weightValues.deallocate() }
        weightValues.initialize(from: weights, count: weights.count)
        let weightGradient = weightValues + weights.count
        weightGradient.initialize(repeating: 0, count: weights.count)
        let tensors = inputs.map(\.blocked)
        if engine.prefersOwnKernels,
            let builtIn = BuiltInConvolution(shape, order: .blocked, engine: engine)
        {
            let read = tensors.map { ConvolutionInput($0) }
            plan.append(
                "f",
                BuiltInForward(
                    builtIn, sources: read, destination: result, weights: .fixed(weightValues),
                    packsEachRun: true, arena: arena))
            plan.append(
                "d",
                BuiltInBackwardData(
                    builtIn, gradient: incoming.blocked, results: backs, weights: .fixed(weightValues), arena: arena))
            plan.append(
                "w",
                BuiltInBackwardWeights(
                    builtIn, sources: read, gradient: incoming.blocked, result: .fixed(weightGradient), arena: arena))
        } else {
            plan.append(
                "f",
                try OneDNNForward(
                    shape, sources: tensors, destination: result, weights: weightValues, bias: nil, packsEachRun: true,
                    arena: arena, engine: engine))
            for (index, back) in backs.enumerated() {
                plan.append(
                    "d",
                    try OneDNNBackwardData(
                        shape, source: index, gradient: incoming.blocked, result: back, weights: weightValues,
                        arena: arena, engine: engine))
            }
            plan.append(
                "w",
                try OneDNNBackwardWeights(
                    shape, sources: tensors, gradient: incoming.blocked, result: .fixed(weightGradient), arena: arena,
                    engine: engine))
        }
        try plan.allocate()
        for (input, value) in zip(inputs, values) { _ = input.plain.values.update(fromContentsOf: value) }
        _ = incoming.plain.values.update(fromContentsOf: gradient)
        try plan.run()
        return (
            engine.plain(result), backs.map(engine.plain),
            Array(UnsafeBufferPointer(start: weightGradient, count: weights.count))
        )
    }
}
