internal import Tensors

/// Describes the forward pass of a U-Net for one input shape as operations of a plan.
final class ForwardPlanner {
    let network: UNet
    let engine: Engine
    let plan: Plan
    let mode: PassMode
    /// Where the decoder's levels, the finest first, are computed: about the centre; nil for everywhere.
    private let decoderExtents: [[Int]]?
    /// N×C×Z×Y×X, plain; filled by the caller.
    let input: Tensor
    private(set) var encoders: [[ConvolutionNode]] = []
    private(set) var decoders: [Int: [ConvolutionNode]] = [:]
    var upsamplings: [Int: UpsamplingNode] = [:]
    /// Take the network's weights as they are now; for plans that do not at every run.
    var refreshments: [() throws(EngineError) -> Void] = []

    var configuration: UNetConfiguration { network.configuration }
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

    /// Appends the whole pass up to the last features, and returns them.
    func features() throws(EngineError) -> ConvolutionInput {
        var feature = blockedInput()
        for level in 0..<configuration.levels {
            let (first, second) = configuration.encoderChannels(level)
            let node0 = try convolve("encoder", level, 0, [feature], outputs: first)
            let node1 = try convolve("encoder", level, 1, [node0.activation], outputs: second)
            encoders.append([node0, node1])
            feature = level < configuration.levels - 1 ? pool(node1, level: level) : node1.activation
        }
        for level in (0..<configuration.levels - 1).reversed() {
            let node0 = try join(centre(of: feature, level: level), encoders[level][1], level: level)
            let node1 = try convolve(
                "decoder", level, 1, [node0.activation], outputs: configuration.decoderChannels(level))
            decoders[level] = [node0, node1]
            feature = node1.activation
        }
        return feature
    }

    /// What a decoder's level reads of the feature below it.
    private func centre(of feature: ConvolutionInput, level: Int) -> ConvolutionInput {
        guard let extent = decoderExtents?[level] else { return feature }
        let window = configuration.window(level)
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
        _ path: String, _ level: Int, _ index: Int, _ sources: [ConvolutionInput], outputs: Int
    ) throws(EngineError) -> ConvolutionNode {
        let path = "\(path).\(level)"
        let shape = ConvolutionShape(
            sources: sources.map(\.shape), outputs: outputs, kernel: configuration.kernel(level),
            padding: configuration.margins(level))
        let node = ConvolutionNode(
            path: path, index: index, shape: shape, sources: sources,
            builtIn: engine.prefersOwnKernels(for: shape, order: sources[0].tensor.order)
                ? BuiltInConvolution(shape, order: sources[0].tensor.order, engine: engine) : nil,
            values: Tensor(shape.destination, .blocked, in: arena, engine: engine),
            scaleShift: ScaleShift(
                channels: outputs, groups: configuration.normalization == .instance ? shape.destination.batch : 1,
                arena: arena, engine: engine))
        try appendConvolution(node)
        appendNormalization(node)
        return node
    }

    func appendNormalization(_ node: ConvolutionNode) {
        if configuration.normalization == .none {
            plan.append(node.normName, Identity(channels: node.shape.outputs, into: node.scaleShift))
        } else {
            plan.append(
                node.normName,
                NormalizationStatistics(
                    of: node.values, parameters: normalizationParameters(node), mode: statisticsMode,
                    measured: node.builtIn?.sums, into: node.scaleShift, engine: engine))
        }
    }

    private func appendConvolution(_ node: ConvolutionNode) throws(EngineError) {
        let weights = parameters.pointer(node.weightName)
        let bias = configuration.normalization == .none ? parameters.pointer(node.biasName) : nil
        if let builtIn = node.builtIn {
            let operation = BuiltInForward(
                builtIn, sources: node.sources, destination: node.values, weights: .fixed(weights), bias: bias,
                packsEachRun: mode == .training, arena: arena)
            plan.append(node.name, operation)
            refreshments.append(operation.refresh)
        } else {
            try appendDirect(
                node.name, node.shape, node.sources, into: node.values, weights: weights, bias: bias)
        }
    }

    func appendDirect(
        _ name: String, _ shape: ConvolutionShape, _ sources: [ConvolutionInput], into result: Tensor,
        weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?
    ) throws(EngineError) {
        let ready = sources.map { plan.materialise($0, for: name, engine: engine) }
        let operation = try OneDNNForward(
            shape, sources: ready, destination: result, weights: weights, bias: bias,
            packsEachRun: mode == .training, arena: arena, engine: engine)
        plan.append(name, operation)
        refreshments.append(operation.refresh)
    }

    private var statisticsMode: NormalizationStatistics.Mode {
        switch mode {
        case .training: .current(updatesRunning: true)
        case .inference(.running): configuration.normalization == .instance ? .current(updatesRunning: false) : .running
        case .inference(.current): .current(updatesRunning: false)
        }
    }

    private func normalizationParameters(_ node: ConvolutionNode) -> NormalizationParameters {
        NormalizationParameters(
            scale: parameters.pointer(node.normName + ".weight"), shift: parameters.pointer(node.normName + ".bias"),
            runningMean: parameters.pointer(node.normName + ".running_mean"),
            runningVariance: parameters.pointer(node.normName + ".running_var"))
    }

    private func pool(_ node: ConvolutionNode, level: Int) -> ConvolutionInput {
        let window = configuration.window(level)
        let extent = (0..<3).map { node.values.shape.extent[$0] / window[$0] }
        let small = Tensor(node.values.shape.with(extent: extent), .blocked, in: arena, engine: engine)
        plan.append(
            node.normName,
            Activation(of: node.values, scaleShift: node.scaleShift, into: nil, pooled: (small, window), engine: engine)
        )
        return ConvolutionInput(small)
    }
}
