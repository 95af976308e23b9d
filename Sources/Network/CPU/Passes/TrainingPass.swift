internal import Foundation
package import Tensors

/// Forward pass, loss and gradients on the processor, planned once for one input shape; a step allocates nothing.
///
/// Passes that are run in turn may share memory: each then has to be filled again after another one was. Confined to the
/// thread of its engine.
package final class TrainingPass {
    package let network: UNet
    package let inputShape: Shape
    package let outputShape: Shape
    private let plan: Plan
    private let planned: PlannedGradients
    private let forward: ForwardPlanner
    private let logits: Tensor
    private let loss: () -> Double
    /// How many of the first parts have their gradients complete after each number of steps.
    private let completion: [Int]
    private let labelBuffer: LabelBuffer
    private let classWeights: UnsafeMutableBufferPointer<Float>

    /// Fails if the network can't take the input; `dice` is the weight of the soft Dice loss added to the
    /// cross-entropy.
    ///
    /// If the network has outputs at coarser levels, the loss of each is added with `deep` times the weight of the next
    /// finer one.
    /// `centre` restricts the output to a centred box of that extent, and the decoder to what that box depends on; see
    /// `NetworkGraph.decoderExtents`. `roundsActivations` is that of `LearnerSettings`. `parts` are those of
    /// which `step` tells when they are complete.
    package init(
        _ network: UNet, input: Shape, centre: [Int]? = nil, dice: Double = 0, deep: Double = 0,
        roundsActivations: Bool = false, parts: [LearnedPart] = [], in memory: ArenaMemory = ArenaMemory(),
        engine: Engine
    ) throws {
        var output = try network.graph.outputShape(for: input)
        var extents: [[Int]]?
        if let centre, centre != output.extent {
            extents = network.graph.decoderExtents(for: input, centre: centre)
            guard extents != nil else {
                throw NetworkError.shape("the network cannot compute only a centre of \(centre) voxels of \(output)")
            }
            output = output.with(extent: centre)
        }
        self.network = network
        inputShape = input
        outputShape = output
        plan = Plan(arena: Arena(in: memory))
        let gradients = PlannedGradients(of: network.parameters, in: plan.arena)
        planned = gradients
        labelBuffer = LabelBuffer(count: output.batch * output.voxels)
        classWeights = .allocate(capacity: network.configuration.classes)
        classWeights.initialize(repeating: 1)
        forward = ForwardPlanner(
            network, input: input, decoderExtents: extents, mode: .training(roundsActivations: roundsActivations),
            plan: plan, engine: engine)
        let features = try forward.features()
        logits = Tensor(output, .plain, in: plan.arena, engine: engine)
        logits.buffer.keep()
        let parameters = network.parameters, layer = network.graph.output
        plan.append(
            "output",
            Classifier(
                features, weights: parameters.pointer(layer, .weights), bias: parameters.pointer(layer, .bias),
                into: logits, arena: plan.arena, engine: engine))
        guard let weights = classWeights.baseAddress else { throw NetworkError.configuration("there are no classes") }
        forwardCount = plan.steps.count
        let last: () -> Double
        if dice > 0 {
            let both = MaskedDice(
                logits, labels: labelBuffer, classWeights: weights, weight: dice, engine: engine)
            plan.append("loss", both)
            last = { both.loss }
        } else {
            let entropy = CrossEntropy(logits, labels: labelBuffer, classWeights: weights, engine: engine)
            plan.append("loss", entropy)
            last = { entropy.loss }
        }
        let gradient = Tensor(features.shape, .blocked, in: plan.arena, engine: engine)
        plan.append(
            "output",
            ClassifierBackward(
                features, gradient: logits, labels: labelBuffer, weights: parameters.pointer(layer, .weights),
                into: gradient, weightGradient: gradients.location(layer, .weights),
                biasGradient: gradients.location(layer, .bias), arena: plan.arena, engine: engine))
        var coarser: [DeepSupervision] = []
        // `self` can't be used yet: not all properties are set.
        let (graph, plan, labels) = (network.graph, plan, labelBuffer)
        let backward = BackwardPlanner(of: forward, gradients: gradients)
        try backward.append(from: gradient) { layer, features, gradient in
            guard deep > 0 else { return }
            let loss = DeepSupervision(
                features, labels: labels, on: output, factors: graph.factors(layer.level),
                output: DeepSupervision.Output(
                    weights: parameters.pointer(layer, .weights), bias: parameters.pointer(layer, .bias),
                    weightGradient: gradients.location(layer, .weights),
                    biasGradient: gradients.location(layer, .bias)),
                classWeights: weights, dice: dice, weight: pow(deep, Double(layer.level)), addedTo: gradient,
                engine: engine)
            plan.append(layer.name, loss)
            coarser.append(loss)
        }
        completion = backward.completion(of: parts)
        loss = { [coarser] in coarser.reduce(last()) { $0 + $1.loss } }
        try gradients.allocate(plan)
    }

    deinit { classWeights.deallocate() }

    private let forwardCount: Int

    /// The gradients of the last step's loss, named like the parameters, until the next pass; running statistics have 0.
    package var gradients: Parameters { planned.values }

    /// N×C×Z×Y×X, plain; fill it before each step.
    package var input: UnsafeMutableBufferPointer<Float> { forward.input.values }

    /// N×Z×Y×X class indices on the output's grid, 255 where unlabeled; fill it before each step.
    package var labels: UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(start: labelBuffer.values, count: labelBuffer.count)
    }

    /// Forward, loss, backward; returns the cross-entropy Σ w·(−log p) / Σ w over the labelled voxels, 0 if there are
    /// none, plus the losses of soft Dice and of coarser levels if they are used.
    ///
    /// `progress` is called after each operation of the backward pass, with the number of the first parts whose gradients
    /// are complete.
    package func step(classWeights weights: [Float], progress: (Int) -> Void = { _ in }) throws -> Double {
        precondition(weights.count == classWeights.count, "one weight for each class")
        for index in weights.indices { classWeights[index] = weights[index] }
        planned.clear()
        try plan.run(after: { if $0 > forwardCount { progress(completion[$0]) } })
        return loss()
    }

    /// Runs only the forward pass, which updates the running statistics; returns N×K×Z×Y×X logits.
    package func forwardLogits() throws -> UnsafeBufferPointer<Float> {
        try plan.run(..<forwardCount)
        return UnsafeBufferPointer(logits.values)
    }

    /// Runs one step and returns the time of each operation.
    package func profile() throws -> [OperationTime] { try plan.profile() }

    /// Bytes of memory that a step uses: activations, their gradients, scratch, parameters and their gradients.
    package var byteCount: Int {
        plan.arena.byteCount + network.parameters.values.count * MemoryLayout<Float>.stride + labelBuffer.count
    }
}
