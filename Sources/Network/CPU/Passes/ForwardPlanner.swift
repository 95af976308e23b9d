internal import Tensors

/// Describes the forward pass of a network for one input shape as operations of a plan, node by node.
final class ForwardPlanner {
    let network: UNet
    let engine: Engine
    let plan: Plan
    let mode: PassMode
    /// The centred extents that the decoder's levels compute, the finest level first; nil for the whole extent.
    private let decoderExtents: [[Int]]?
    /// N×C×Z×Y×X, plain; filled by the caller.
    let input: Tensor
    /// The nodes' results as later nodes read them, by node id.
    private var results: [Int: ConvolutionInput] = [:]
    private var convolutions: [Int: PlannedConvolution] = [:]
    /// Up-convolutions that are not merged with the convolution after them, by node id.
    var upConvolutions: [Int: PlannedUpConvolution] = [:]
    /// Read the network's present weights again; for plans that don't read them at every run.
    var refreshments: [() throws(EngineError) -> Void] = []

    var graph: NetworkGraph { network.graph }
    var parameters: Parameters { network.parameters }
    var arena: Arena { plan.arena }

    init(
        _ network: UNet, input: Shape, decoderExtents: [[Int]]? = nil, mode: PassMode, plan: Plan, engine: Engine
    ) {
        self.network = network
        self.engine = engine
        self.plan = plan
        self.mode = mode
        self.decoderExtents = decoderExtents
        self.input = Tensor(input, .plain, in: plan.arena, engine: engine)
        self.input.buffer.keep()
    }

    /// Appends the forward pass without the output layer, and returns the features that the output layer reads.
    func features() throws(EngineError) -> ConvolutionInput {
        for node in graph.nodes {
            switch node.operation {
            case .image: results[node.id] = blockedInput()
            case .convolution(let convolution):
                let source = graph.nodes[node.inputs[0]]
                let planned =
                    source.operation == .concatenation
                    ? try join(source, before: node, convolution)
                    : try convolve(node, convolution, [result(of: source.id)])
                convolutions[node.id] = planned
                results[node.id] = planned.activation
            case .pooling(let window): results[node.id] = pool(node, window)
            // Planned together with the convolution that reads them.
            case .upConvolution, .concatenation: break
            // The caller appends the output layers that it needs.
            case .output, .deepOutput: break
            }
        }
        return result(of: graph.output.inputs[0])
    }

    /// The planned convolution of a node.
    func convolution(_ node: Int) -> PlannedConvolution {
        guard let planned = convolutions[node] else { preconditionFailure("node \(node) has no planned convolution") }
        return planned
    }

    private func result(of node: Int) -> ConvolutionInput {
        guard let result = results[node] else { preconditionFailure("node \(node) is read before it is planned") }
        return result
    }

    /// The part of the coarser level's features that an up-convolution reads.
    func source(of up: GraphNode, window: [Int]) -> ConvolutionInput {
        let feature = result(of: up.inputs[0])
        guard let extent = decoderExtents?[up.level] else { return feature }
        return ConvolutionInput(
            feature.tensor, scaleShift: feature.scaleShift, extent: (0..<3).map { extent[$0] / window[$0] })
    }

    private func blockedInput() -> ConvolutionInput {
        guard OneDNNForward.order(ofImage: input.shape.channels) == .blocked else { return ConvolutionInput(input) }
        let blocked = Tensor(input.shape, .blocked, in: arena, engine: engine)
        plan.append("input", LayoutConversion(input, into: blocked, engine: engine))
        return ConvolutionInput(blocked)
    }

    func convolve(
        _ node: GraphNode, _ convolution: GraphOperation.Convolution, _ sources: [ConvolutionInput]
    ) throws(EngineError) -> PlannedConvolution {
        let shape = ConvolutionShape(
            sources: sources.map(\.shape), outputs: node.channels, kernel: convolution.kernel,
            padding: convolution.padding)
        let builtIn =
            engine.prefersOwnKernels
            ? BuiltInConvolution(shape, order: sources[0].tensor.order, engine: engine) : nil
        let planned = PlannedConvolution(
            node, normName: convolution.normName, shape: shape, sources: sources, builtIn: builtIn,
            values: builtIn == nil
                ? Tensor(shape.destination, .blocked, in: arena, engine: engine)
                : kept(shape.destination),
            scaleShift: scaleShift(shape, convolution.normalization))
        try appendConvolution(planned)
        appendNormalization(planned, convolution.normalization)
        return planned
    }

    func scaleShift(_ shape: ConvolutionShape, _ normalization: UNetConfiguration.Normalization) -> ScaleShift {
        ScaleShift(
            channels: shape.outputs, groups: normalization == .instance ? shape.destination.batch : 1, arena: arena,
            engine: engine)
    }

    func appendNormalization(_ planned: PlannedConvolution, _ normalization: UNetConfiguration.Normalization) {
        if normalization == .none {
            plan.append(planned.normName, Identity(channels: planned.shape.outputs, into: planned.scaleShift))
        } else {
            plan.append(
                planned.normName,
                NormalizationStatistics(
                    of: planned.values, parameters: normalizationParameters(planned.node),
                    mode: statistics(normalization), measured: planned.builtIn?.sums, into: planned.scaleShift,
                    engine: engine))
        }
    }

    private func appendConvolution(_ planned: PlannedConvolution) throws(EngineError) {
        let weights = parameters.pointer(planned.node, .weights)
        let bias = bias(of: planned.node)
        if let builtIn = planned.builtIn {
            let operation = BuiltInForward(
                builtIn, sources: planned.sources, destination: planned.values, weights: .fixed(weights), bias: bias,
                packsEachRun: mode.isTraining, arena: arena)
            plan.append(planned.node.name, operation)
            refreshments.append(operation.refresh)
        } else {
            try appendDirect(
                planned.node, planned.shape, planned.sources, into: planned.values, weights: weights, bias: bias)
        }
    }

    func appendDirect(
        _ node: GraphNode, _ shape: ConvolutionShape, _ sources: [ConvolutionInput], into result: Tensor,
        weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?
    ) throws(EngineError) {
        let ready = sources.map { plan.materialise($0, for: node.name, engine: engine) }
        let operation = try OneDNNForward(
            shape, sources: ready, destination: result, weights: weights, bias: bias,
            packsEachRun: mode.isTraining, arena: arena, engine: engine)
        plan.append(node.name, operation)
        refreshments.append(operation.refresh)
    }

    func bias(of node: GraphNode) -> UnsafeMutablePointer<Float>? { node.tensor(.bias).map { parameters.pointer($0) } }

    private func statistics(_ normalization: UNetConfiguration.Normalization) -> NormalizationStatistics.Mode {
        switch mode {
        case .training: .current(updatesRunning: true)
        case .inference(.running): normalization == .instance ? .current(updatesRunning: false) : .running
        case .inference(.current): .current(updatesRunning: false)
        }
    }

    private func normalizationParameters(_ node: GraphNode) -> NormalizationParameters {
        NormalizationParameters(
            scale: parameters.pointer(node, .scale), shift: parameters.pointer(node, .shift),
            runningMean: parameters.pointer(node, .runningMean),
            runningVariance: parameters.pointer(node, .runningVariance),
            epsilon: NetworkGraph.epsilon, momentum: NetworkGraph.momentum)
    }

    private func pool(_ node: GraphNode, _ window: [Int]) -> ConvolutionInput {
        let source = convolution(node.inputs[0])
        let extent = (0..<3).map { source.values.shape.extent[$0] / window[$0] }
        let shape = source.values.shape.with(extent: extent)
        let small = result(shape, readBy: convolution(reading: node))
        plan.append(
            source.normName,
            Activation(
                of: source.values, scaleShift: source.scaleShift, into: nil, pooled: (small, window), engine: engine))
        return ConvolutionInput(small)
    }
}

extension Parameters {
    /// A pointer to the first value of a node's tensor.
    func pointer(_ node: GraphNode, _ role: GraphTensor.Role) -> UnsafeMutablePointer<Float> {
        guard let name = node.tensor(role) else { preconditionFailure("\(node.name) has no \(role)") }
        return pointer(name)
    }
}
