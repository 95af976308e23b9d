import Tensors

/// All passes of one up-convolution, of the positive part of its source, on plain arrays.
final class UpsamplingRun {
    private let shape: ConvolutionShape
    private let engine: Engine
    private let plan = Plan()
    private let weights: UnsafeMutablePointer<Float>
    private var weightGradient: UnsafeMutablePointer<Float> { weights + shape.weightCount }

    init(_ shape: ConvolutionShape, engine: Engine) {
        self.shape = shape
        self.engine = engine
        weights = .allocate(capacity: 2 * shape.weightCount)
        weights.initialize(repeating: 0, count: 2 * shape.weightCount)
    }

    deinit { weights.deallocate() }

    func passes(
        source: [Float], weights values: [Float], gradient: [Float]
    ) throws -> (forward: [Float], source: [Float], weights: [Float]) {
        weights.update(from: values, count: values.count)
        let read = input(shape.sources[0]), incoming = input(shape.destination)
        let scaleShift = ScaleShift(channels: shape.inputs, groups: 1, arena: plan.arena, engine: engine)
        plan.append("one", Identity(channels: shape.inputs, into: scaleShift))
        let result = kept(shape.destination, .blocked), back = kept(shape.sources[0], .blocked)
        let from = ConvolutionInput(read.blocked, scaleShift: scaleShift)
        if engine.prefersOwnKernels, let builtIn = BuiltInUpsampling(shape, engine: engine) {
            appendFast(builtIn, from, incoming.blocked, result, back)
        } else {
            try appendDirect(from, incoming.blocked, result, back)
        }
        try plan.allocate()
        _ = read.plain.values.update(fromContentsOf: source)
        _ = incoming.plain.values.update(fromContentsOf: gradient)
        // What is overwritten may hold anything before.
        for tensor in [result, back] { tensor.values.update(repeating: .nan) }
        try plan.run()
        return (
            engine.plain(result), engine.plain(back),
            Array(UnsafeBufferPointer(start: weightGradient, count: shape.weightCount))
        )
    }

    private func kept(_ shape: Shape, _ order: Tensor.Order) -> Tensor {
        let tensor = Tensor(shape, order, in: plan.arena, engine: engine)
        tensor.buffer.keep()
        return tensor
    }

    private func input(_ shape: Shape) -> (plain: Tensor, blocked: Tensor) {
        let pair = (kept(shape, .plain), kept(shape, .blocked))
        plan.append("input", LayoutConversion(pair.0, into: pair.1, engine: engine))
        return pair
    }

    private func appendFast(
        _ builtIn: BuiltInUpsampling, _ from: ConvolutionInput, _ gradient: Tensor, _ to: Tensor, _ back: Tensor
    ) {
        plan.append(
            "f",
            BuiltInUpsamplingForward(
                builtIn, source: from, destination: to, weights: weights, packsEachRun: true, arena: plan.arena))
        plan.append(
            "d",
            BuiltInUpsamplingBackwardData(
                builtIn, gradient: gradient, result: back, weights: weights, arena: plan.arena))
        plan.append(
            "w",
            BuiltInUpsamplingBackwardWeights(
                builtIn, source: from, gradient: gradient, result: .fixed(weightGradient), arena: plan.arena))
    }

    private func appendDirect(_ from: ConvolutionInput, _ gradient: Tensor, _ to: Tensor, _ back: Tensor) throws {
        let active = kept(from.shape, .blocked), arena = plan.arena
        if let scaleShift = from.scaleShift {
            plan.append("relu", Activation(of: from.tensor, scaleShift: scaleShift, into: active, engine: engine))
        }
        plan.append(
            "f",
            try OneDNNForward(
                shape, sources: [active], destination: to, weights: weights, bias: nil, packsEachRun: true,
                arena: arena, engine: engine))
        plan.append(
            "d",
            try OneDNNBackwardData(
                shape, source: 0, gradient: gradient, result: back, weights: weights, arena: arena, engine: engine))
        plan.append(
            "w",
            try OneDNNBackwardWeights(
                shape, sources: [active], gradient: gradient, result: .fixed(weightGradient), arena: arena,
                engine: engine))
    }
}
