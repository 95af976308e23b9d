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
    private(set) var upsamplings: [Int: (shape: ConvolutionShape, source: Feature, result: Tensor)] = [:]
    /// The pooled features below each level, the cropped skips of `valid` networks, and the forward convolutions.
    private(set) var pooled: [Int: Tensor] = [:]
    private(set) var crops: [Int: Tensor] = [:]
    private(set) var convolutions: [ConvolutionForward] = []

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
    func features() throws(EngineError) -> Feature {
        var feature = try blockedInput()
        for level in 0..<configuration.levels {
            let (first, second) = configuration.encoderChannels(level)
            let path = "encoder.\(level)"
            let node0 = try convolve(path, 0, [feature], outputs: first)
            let node1 = try convolve(path, 1, [activate(node0)], outputs: second)
            encoders.append([node0, node1])
            feature = level < configuration.levels - 1 ? pool(node1, level: level) : activate(node1)
        }
        for level in (0..<configuration.levels - 1).reversed() {
            let up = try upsample(feature, level: level)
            let skip = crop(skips[level], to: up.tensor.shape, level: level)
            let path = "decoder.\(level)", outputs = configuration.decoderChannels(level)
            let node0 = try convolve(path, 0, [up, skip], outputs: outputs)
            let node1 = try convolve(path, 1, [activate(node0)], outputs: outputs)
            decoders[level] = [node0, node1]
            feature = activate(node1)
        }
        return feature
    }

    /// The activations that skip to the other path, one for each level that is pooled.
    private var skips: [Feature] = []

    private func blockedInput() throws(EngineError) -> Feature {
        guard ConvolutionForward.order(ofImage: input.shape.channels) == .blocked else { return Feature(tensor: input, origin: nil) }
        let blocked = Tensor(input.shape, .blocked, in: arena, engine: engine)
        plan.append("input", Blocking(input, into: blocked, engine: engine))
        return Feature(tensor: blocked, origin: nil)
    }

    private func convolve(
        _ path: String, _ index: Int, _ sources: [Feature], outputs: Int
    ) throws(EngineError) -> ConvolutionNode {
        let shape = ConvolutionShape(
            sources: sources.map(\.tensor.shape), outputs: outputs, kernel: configuration.kernel,
            padding: configuration.margins)
        let values = Tensor(shape.destination, .blocked, in: arena, engine: engine)
        let normalization = configuration.normalization
        let affine = Affine(
            channels: outputs, groups: normalization == .instance ? shape.destination.batch : 1, arena: arena,
            engine: engine)
        let node = ConvolutionNode(
            path: path, index: index, shape: shape, sources: sources, values: values, affine: affine)
        try append(
            node.name, shape, sources.map(\.tensor), values, weights: node.weightName,
            bias: normalization == .none ? node.biasName : nil)
        if normalization == .none {
            plan.append(node.normName, Identity(channels: outputs, into: affine))
        } else {
            plan.append(
                node.normName,
                NormalizationStatistics(
                    of: values, parameters: normalizationParameters(node), mode: statisticsMode, into: affine,
                    engine: engine))
        }
        return node
    }

    private func append(
        _ name: String, _ shape: ConvolutionShape, _ sources: [Tensor], _ destination: Tensor, weights: String,
        bias: String?
    ) throws(EngineError) {
        let operation = try ConvolutionForward(
            shape, sources: sources, destination: destination, weights: parameters.pointer(weights),
            bias: bias.map { parameters.pointer($0) }, packsEachRun: purpose == .training, arena: arena, engine: engine)
        plan.append(name, operation)
        convolutions.append(operation)
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

    /// Training keeps the values before the activation; inference overwrites them.
    private func activated(_ node: ConvolutionNode) -> Tensor {
        purpose == .training ? Tensor(node.values.shape, .blocked, in: arena, engine: engine) : node.values
    }

    private func activate(_ node: ConvolutionNode) -> Feature {
        let result = activated(node)
        plan.append(node.normName, Activation(of: node.values, affine: node.affine, into: result, engine: engine))
        return Feature(tensor: result, origin: node)
    }

    private func pool(_ node: ConvolutionNode, level: Int) -> Feature {
        let window = configuration.window
        let extent = (0..<3).map { node.values.shape.extent[$0] / window[$0] }
        let small = Tensor(node.values.shape.with(extent: extent), .blocked, in: arena, engine: engine)
        let result = activated(node)
        plan.append(
            node.normName,
            Activation(of: node.values, affine: node.affine, into: result, pooled: (small, window), engine: engine))
        skips.append(Feature(tensor: result, origin: node))
        pooled[level] = small
        return Feature(tensor: small, origin: nil)
    }

    private func upsample(_ feature: Feature, level: Int) throws(EngineError) -> Feature {
        let shape = ConvolutionShape(
            upsampling: feature.tensor.shape, outputs: feature.tensor.shape.channels, kernel: configuration.window)
        let result = Tensor(shape.destination, .blocked, in: arena, engine: engine)
        try append(
            "decoder.\(level).up", shape, [feature.tensor], result, weights: "decoder.\(level).up.weight", bias: nil)
        upsamplings[level] = (shape, feature, result)
        return Feature(tensor: result, origin: nil)
    }

    private func crop(_ skip: Feature, to shape: Shape, level: Int) -> Feature {
        guard skip.tensor.shape.extent != shape.extent else { return skip }
        let small = Tensor(
            skip.tensor.shape.with(extent: shape.extent), .blocked, in: arena, engine: engine)
        plan.append("decoder.\(level).crop", Crop(large: skip.tensor, small: small, .forward, engine: engine))
        crops[level] = small
        return Feature(tensor: small, origin: nil)
    }
}
