/// Builds the nodes of a U-Net: the encoder from the finest level down, the decoder back up, the output layers.
struct UNetBuilder {
    private let configuration: UNetConfiguration
    private(set) var nodes: [GraphNode] = []

    init(_ configuration: UNetConfiguration) {
        self.configuration = configuration
        let coarsest = configuration.levels - 1
        var feature = append("input", .image, [], level: 0, channels: configuration.channels)
        var encoders: [Int] = []
        for level in 0...coarsest {
            let channels = configuration.encoderChannels(level)
            feature = appendConvolution("encoder", level, 0, feature, channels.first)
            feature = appendConvolution("encoder", level, 1, feature, channels.second)
            encoders.append(feature)
            guard level < coarsest else { break }
            feature = append(
                "encoder.\(level).pool", .pooling(window: configuration.window(level)), [feature], level: level + 1,
                channels: channels.second)
        }
        /// The last node of each level.
        var lasts = encoders
        for level in (0..<coarsest).reversed() {
            let up = appendUpConvolution(level, feature)
            let both = append(
                "decoder.\(level).concat", .concatenation, [up, encoders[level]], level: level,
                channels: nodes[up].channels + nodes[encoders[level]].channels)
            let channels = configuration.decoderChannels(level)
            feature = appendConvolution("decoder", level, 0, both, channels)
            feature = appendConvolution("decoder", level, 1, feature, channels)
            lasts[level] = feature
        }
        appendOutput("output", .output, feature, level: 0)
        for level in 0...coarsest where configuration.hasDeepOutput(level) {
            let path = level < coarsest ? "decoder" : "encoder"
            appendOutput("\(path).\(level).output", .deepOutput, lasts[level], level: level)
        }
    }

    @discardableResult private mutating func append(
        _ name: String, _ operation: GraphOperation, _ inputs: [Int], level: Int, channels: Int,
        tensors: [GraphTensor] = []
    ) -> Int {
        nodes.append(
            GraphNode(
                id: nodes.count, name: name, operation: operation, inputs: inputs, level: level, channels: channels,
                tensors: tensors))
        return nodes.count - 1
    }

    private mutating func appendConvolution(
        _ path: String, _ level: Int, _ index: Int, _ input: Int, _ outputs: Int
    ) -> Int {
        let name = "\(path).\(level).conv\(index)", norm = "\(path).\(level).norm\(index)"
        let kernel = configuration.kernel(level), inputs = nodes[input].channels
        var tensors = [
            weights(of: name, [outputs, inputs] + kernel, gain: 2, fanIn: inputs * kernel.reduce(1, *))
        ]
        if configuration.normalization == .none {
            tensors.append(constant(name + ".bias", .bias, outputs, 0))
        } else {
            tensors += [
                constant(norm + ".weight", .scale, outputs, 1), constant(norm + ".bias", .shift, outputs, 0),
                constant(norm + ".running_mean", .runningMean, outputs, 0),
                constant(norm + ".running_var", .runningVariance, outputs, 1),
            ]
        }
        let convolution = GraphOperation.Convolution(
            kernel: kernel, padding: configuration.margins(level), normalization: configuration.normalization,
            normName: norm)
        return append(name, .convolution(convolution), [input], level: level, channels: outputs, tensors: tensors)
    }

    private mutating func appendUpConvolution(_ level: Int, _ input: Int) -> Int {
        let name = "decoder.\(level).up", window = configuration.window(level), channels = nodes[input].channels
        return append(
            name, .upConvolution(window: window), [input], level: level, channels: channels,
            tensors: [weights(of: name, [channels, channels] + window, gain: 1, fanIn: channels)])
    }

    private mutating func appendOutput(_ name: String, _ operation: GraphOperation, _ input: Int, level: Int) {
        let classes = configuration.classes, inputs = nodes[input].channels
        append(
            name, operation, [input], level: level, channels: classes,
            tensors: [
                weights(of: name, [classes, inputs, 1, 1, 1], gain: 1, fanIn: inputs),
                constant(name + ".bias", .bias, classes, 0),
            ])
    }

    /// Weights with an initial standard deviation of √(gain / fan in); the gain is 2 if a ReLU follows, else 1.
    ///
    /// After He et al. 2015.
    private func weights(of name: String, _ shape: [Int], gain: Double, fanIn: Int) -> GraphTensor {
        GraphTensor(
            name: name + ".weight", role: .weights, shape: shape,
            start: .random(deviation: (gain / Double(fanIn)).squareRoot()))
    }

    private func constant(_ name: String, _ role: GraphTensor.Role, _ count: Int, _ value: Float) -> GraphTensor {
        GraphTensor(name: name, role: role, shape: [count], start: .constant(value))
    }
}
