internal import Tensors

/// Describes the forward pass of a U-Net for one input shape as operations of a plan.
final class ForwardPlanner {
    let network: UNet
    let engine: Engine
    let plan: Plan
    let purpose: Purpose
    /// N×C×Z×Y×X, plain; filled by the caller.
    let input: Tensor
    private(set) var encoders: [[ConvolutionNode]] = []
    private(set) var decoders: [Int: [ConvolutionNode]] = [:]
    private(set) var upsamplings: [Int: UpsamplingNode] = [:]
    /// Take the network's weights as they are now; for plans that do not at every run.
    private(set) var refreshments: [() throws(EngineError) -> Void] = []

    private var configuration: UNetConfiguration { network.configuration }
    private var parameters: Parameters { network.parameters }
    private var arena: Arena { plan.arena }

    init(_ network: UNet, input: Shape, purpose: Purpose, plan: Plan, engine: Engine) {
        self.network = network
        self.engine = engine
        self.plan = plan
        self.purpose = purpose
        self.input = Tensor(input, .plain, in: plan.arena, engine: engine)
        self.input.buffer.keep()
    }

    /// Appends the whole pass up to the last features, and returns them.
    func features() throws(EngineError) -> Tensor {
        var feature = blockedInput()
        for level in 0..<configuration.levels {
            let (first, second) = configuration.encoderChannels(level)
            let node0 = try convolve("encoder", level, 0, [feature], outputs: first)
            let node1 = try convolve("encoder", level, 1, [node0.activation], outputs: second)
            encoders.append([node0, node1])
            feature = level < configuration.levels - 1 ? pool(node1, level: level) : node1.activation
        }
        for level in (0..<configuration.levels - 1).reversed() {
            let up = try upsample(feature, level: level)
            let skip = Source(
                encoders[level][1].values, affine: encoders[level][1].affine, extent: up.tensor.shape.extent)
            let outputs = configuration.decoderChannels(level)
            let node0 = try convolve("decoder", level, 0, [up, skip], outputs: outputs)
            let node1 = try convolve("decoder", level, 1, [node0.activation], outputs: outputs)
            decoders[level] = [node0, node1]
            feature = node1.activation
        }
        return plan.materialise(feature, for: "output", engine: engine)
    }

    private func blockedInput() -> Source {
        guard ConvolutionForward.order(ofImage: input.shape.channels) == .blocked else { return Source(input) }
        let blocked = Tensor(input.shape, .blocked, in: arena, engine: engine)
        plan.append("input", Blocking(input, into: blocked, engine: engine))
        return Source(blocked)
    }

    private func convolve(
        _ path: String, _ level: Int, _ index: Int, _ sources: [Source], outputs: Int
    ) throws(EngineError) -> ConvolutionNode {
        let path = "\(path).\(level)"
        let shape = ConvolutionShape(
            sources: sources.map(\.shape), outputs: outputs, kernel: configuration.kernel(level),
            padding: configuration.margins(level))
        let node = ConvolutionNode(
            path: path, index: index, shape: shape, sources: sources,
            fast: engine.prefersOwnKernels(for: shape)
                ? FastConvolution(shape, order: sources[0].tensor.order, engine: engine) : nil,
            values: Tensor(shape.destination, .blocked, in: arena, engine: engine),
            affine: Affine(
                channels: outputs, groups: configuration.normalization == .instance ? shape.destination.batch : 1,
                arena: arena, engine: engine))
        try appendConvolution(node)
        if configuration.normalization == .none {
            plan.append(node.normName, Identity(channels: outputs, into: node.affine))
        } else {
            plan.append(
                node.normName,
                NormalizationStatistics(
                    of: node.values, parameters: normalizationParameters(node), mode: statisticsMode,
                    measured: node.fast?.sums, into: node.affine, engine: engine))
        }
        return node
    }

    private func appendConvolution(_ node: ConvolutionNode) throws(EngineError) {
        let weights = parameters.pointer(node.weightName)
        let bias = configuration.normalization == .none ? parameters.pointer(node.biasName) : nil
        if let fast = node.fast {
            let operation = FastForward(
                fast, sources: node.sources, destination: node.values, weights: weights, bias: bias,
                packsEachRun: purpose == .training, arena: arena)
            plan.append(node.name, operation)
            refreshments.append(operation.refresh)
        } else {
            try appendDirect(
                node.name, node.shape, node.sources, into: node.values, weights: weights, bias: bias)
        }
    }

    private func appendDirect(
        _ name: String, _ shape: ConvolutionShape, _ sources: [Source], into result: Tensor,
        weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?
    ) throws(EngineError) {
        let ready = sources.map { plan.materialise($0, for: name, engine: engine) }
        let operation = try ConvolutionForward(
            shape, sources: ready, destination: result, weights: weights, bias: bias,
            packsEachRun: purpose == .training, arena: arena, engine: engine)
        plan.append(name, operation)
        refreshments.append(operation.refresh)
    }

    private var statisticsMode: NormalizationStatistics.Mode {
        switch purpose {
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

    private func pool(_ node: ConvolutionNode, level: Int) -> Source {
        let window = configuration.window(level)
        let extent = (0..<3).map { node.values.shape.extent[$0] / window[$0] }
        let small = Tensor(node.values.shape.with(extent: extent), .blocked, in: arena, engine: engine)
        plan.append(
            node.normName,
            Activation(of: node.values, affine: node.affine, into: nil, pooled: (small, window), engine: engine))
        return Source(small)
    }

    private func upsample(_ feature: Source, level: Int) throws(EngineError) -> Source {
        let shape = ConvolutionShape(
            upsampling: feature.shape, outputs: feature.shape.channels, kernel: configuration.window(level))
        let node = UpsamplingNode(
            name: "decoder.\(level).up", shape: shape, source: feature,
            fast: engine.prefersOwnKernels(for: shape) ? FastUpsampling(shape, engine: engine) : nil)
        let result = Tensor(shape.destination, .blocked, in: arena, engine: engine)
        let weights = parameters.pointer(node.weightName)
        if let fast = node.fast {
            let operation = FastUpsamplingForward(
                fast, source: feature, destination: result, weights: weights, packsEachRun: purpose == .training,
                arena: arena)
            plan.append(node.name, operation)
            refreshments.append(operation.refresh)
        } else {
            try appendDirect(node.name, shape, [feature], into: result, weights: weights, bias: nil)
        }
        upsamplings[level] = node
        return Source(result)
    }
}
