package import Tensors

/// Prediction by a network on the processor, planned once for one input shape.
package final class InferencePass: Inference {
    package let network: UNet
    package let inputShape: Shape
    package let outputShape: Shape
    private let plan: Plan
    private let forward: ForwardPlanner
    private let logits: Tensor
    private let logitCount: Int

    /// Packs the network's present weights; see `refresh`.
    package init(_ network: UNet, input: Shape, statistics: BatchNormStatistics, engine: Engine) throws {
        let output = try network.graph.outputShape(for: input)
        self.network = network
        inputShape = input
        outputShape = output
        plan = Plan()
        forward = ForwardPlanner(network, input: input, mode: .inference(statistics), plan: plan, engine: engine)
        let features = try forward.features()
        logits = Tensor(output, .plain, in: plan.arena, engine: engine)
        logits.buffer.keep()
        let parameters = network.parameters, layer = network.graph.output
        plan.append(
            "output",
            Classifier(
                features, weights: parameters.pointer(layer, .weights), bias: parameters.pointer(layer, .bias),
                into: logits, arena: plan.arena, engine: engine))
        logitCount = plan.steps.count
        plan.append("output", Softmax(logits, engine: engine))
        try plan.allocate()
        try refresh()
    }

    /// N×C×Z×Y×X, plain; fill it before each run.
    package var input: UnsafeMutableBufferPointer<Float> { forward.input.values }

    /// N×K×Z×Y×X after `run`.
    package var probabilities: UnsafeBufferPointer<Float> { UnsafeBufferPointer(logits.values) }

    /// Reads the network's present parameters again.
    package func refresh() throws {
        for refresh in forward.refreshments { try refresh() }
    }

    package func run() throws { try plan.run() }

    /// Runs the pass; returns false if `goOn`, called often with the fraction done, returned false.
    package func run(while goOn: (Double) -> Bool) throws -> Bool { try plan.run(while: goOn) }

    /// Runs everything except the softmax; returns N×K×Z×Y×X logits.
    package func runLogits() throws -> UnsafeBufferPointer<Float> {
        try plan.run(..<logitCount)
        return UnsafeBufferPointer(logits.values)
    }

    /// Runs once and returns the time of each operation.
    package func profile() throws -> [OperationTime] { try plan.profile() }

    /// Bytes of memory that a run uses: activations, packed weights, scratch, parameters.
    package var byteCount: Int {
        plan.arena.byteCount + network.parameters.values.count * MemoryLayout<Float>.stride
    }
}
