/// All passes of a single convolution by one kind of kernels, to measure which kind is faster.
final class KernelTrial {
    private let plan = Plan()
    private let weights: UnsafeMutablePointer<Float>
    private let count: Int

    /// Nil if the project's own kernels don't support the shape.
    init?(_ shape: ConvolutionShape, order: Tensor.Order, own: Bool, engine: Engine) throws(EngineError) {
        count = shape.weightCount
        weights = .allocate(capacity: 2 * count)
        weights.initialize(repeating: 1 / Float(count), count: 2 * count)
        let arena = plan.arena, gradient = weights + count
        let sources = shape.sources.map { Tensor($0, order, in: arena, engine: engine) }
        let incoming = Tensor(shape.destination, .blocked, in: arena, engine: engine)
        let result = Tensor(shape.destination, .blocked, in: arena, engine: engine)
        let backs = order == .plain ? [] : shape.sources.map { Tensor($0, .blocked, in: arena, engine: engine) }
        for tensor in sources + backs + [incoming, result] { tensor.buffer.keep() }
        var operations: [any Operation] = []
        if own {
            guard let builtIn = BuiltInConvolution(shape, order: order, engine: engine) else { return nil }
            let read = sources.map { ConvolutionInput($0) }
            operations = [
                BuiltInForward(
                    builtIn, sources: read, destination: result, weights: .fixed(weights), packsEachRun: true,
                    arena: arena),
                BuiltInBackwardWeights(
                    builtIn, sources: read, gradient: incoming, result: .fixed(gradient), arena: arena),
            ]
            if !backs.isEmpty {
                operations.append(
                    BuiltInBackwardData(
                        builtIn, gradient: incoming, results: backs, weights: .fixed(weights), arena: arena))
            }
        } else {
            operations = [
                try OneDNNForward(
                    shape, sources: sources, destination: result, weights: weights, bias: nil, packsEachRun: true,
                    arena: arena, engine: engine),
                try OneDNNBackwardWeights(
                    shape, sources: sources, gradient: incoming, result: gradient, arena: arena, engine: engine),
            ]
            for (index, back) in backs.enumerated() {
                operations.append(
                    try OneDNNBackwardData(
                        shape, source: index, gradient: incoming, result: back, weights: weights, arena: arena,
                        engine: engine))
            }
        }
        for operation in operations { plan.append("trial", operation) }
        try plan.allocate()
    }

    deinit { weights.deallocate() }

    func seconds() throws(EngineError) -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try plan.run()
        return (clock.now - start) / .seconds(1)
    }
}
