internal import JSON
internal import Network

/// UNet3D or UNet2D of pytorch-3dunet, of whose layers Slicewise has an exact counterpart where each convolution is followed by
/// batch norm (or nothing) and ReLU.
///
/// Its nearest-neighbour upsampling becomes an up-convolution whose weights are 1 from each channel to itself.
struct PyTorch3DUNet {
    private let isPlanar: Bool
    private let isSigmoid: Bool
    private let normalization: UNetConfiguration.Normalization
    private let window: [Int]
    private let padding: [Int]

    /// Reads the section `model` of a configuration of pytorch-3dunet; what it doesn't say is as there.
    init(_ description: JSONValue) throws(ExchangeError) {
        var options = try ForeignOptions(description, of: "pytorch-3dunet")
        options.ignore(
            "in_channels", "out_channels", "f_maps", "num_levels", "num_groups", "conv_kernel_size", "conv_upscale",
            "dropout_prob", "is3d")
        let name = try options.demand(
            "name", ["UNet3D", "UNet2D"], else: .null, "others are no U-Nets of plain convolutions")
        isPlanar = name == "UNet2D"
        let order = try options.demand(
            "layer_order", ["cbr", "cr", "cbrd", "cbrD", "crd", "crD"], else: "gcr",
            "Slicewise has convolution, batch norm or none, and ReLU, in this order")
        normalization = order.text.contains("b") ? .batch : .none
        isSigmoid =
            try options.demand("final_sigmoid", [true, false], else: true, "it says what follows the last layer")
            == true
        _ = try options.demand("is_segmentation", [true], else: true, "Slicewise segments")
        _ = try options.demand("pool_type", ["max"], else: "max", "Slicewise has the maximum")
        _ = try options.demand(
            "upsample", ["default", "nearest"], else: "default",
            "others have no counterpart in Slicewise")
        let pool = options.take("pool_kernel_size", else: 2)
        guard let window = ForeignOptions.sizes(pool, planar: isPlanar), window.allSatisfy({ (1...2).contains($0) })
        else {
            throw .invalid(
                field: "network", detail: "has \"pool_kernel_size\": \(pool.text); Slicewise has 1 and 2 on each axis")
        }
        let added = options.take("conv_padding", else: 1)
        guard let padding = ForeignOptions.sizes(added, planar: isPlanar) else {
            throw .invalid(
                field: "network", detail: "has \"conv_padding\": \(added.text); it must be a number or three")
        }
        self.window = window
        self.padding = isPlanar ? [0] + padding[1...] : padding
        try options.checkNothingIsLeft()
    }

    /// The network; `order` has for each class the output that means it.
    func network(_ tensors: inout StateDict, order: [Int]) throws -> UNet {
        let configuration = try configuration(tensors, classes: order.count)
        let network = try UNet(zeros: configuration)
        let graph = network.graph
        for node in graph.nodes {
            let place = node.name.split(separator: ".")
            switch node.operation {
            case .image, .pooling, .concatenation, .deepOutput: break
            case .convolution(let convolution):
                let path = Self.path(of: place, levels: configuration.levels)
                // There the encoder's features come first.
                let joins = node.inputs.contains { graph.nodes[$0].operation == .concatenation }
                try fill(node, convolution, from: path, &tensors, of: network, swapping: joins)
            case .upConvolution(let window):
                network.set(node, .weights, Self.identity(node.channels, times: window.reduce(1, *)))
            case .output: try fill(node, &tensors, of: network, order: order)
            }
        }
        tensors.ignore { $0.hasSuffix("num_batches_tracked") }
        return network
    }

    private func configuration(_ tensors: StateDict, classes: Int) throws(ExchangeError) -> UNetConfiguration {
        let first = try tensors.shape("encoders.0.basic_module.SingleConv1.conv.weight")
        guard first.count == (isPlanar ? 4 : 5) else {
            throw .misfit(
                "the tensor \"encoders.0.basic_module.SingleConv1.conv.weight\" has shape \(first); \(isPlanar ? "UNet2D" : "UNet3D") "
                    + "has \(isPlanar ? 4 : 5) sizes there")
        }
        let kernel = (isPlanar ? [1] : []) + first[2...]
        guard kernel.allSatisfy({ $0 == 1 || $0 == 3 }), kernel.map({ $0 / 2 }) == padding else {
            throw .misfit(
                "the tensor \"encoders.0.basic_module.SingleConv1.conv.weight\" has a kernel of \(kernel) with a padding of "
                    + "\(padding); Slicewise has kernels of 1 and 3, padded so that the extent stays")
        }
        var levels = 1
        while levels < 8, tensors.has("encoders.\(levels).basic_module.SingleConv1.conv.weight") { levels += 1 }
        let configuration = UNetConfiguration(
            channels: first[1], classes: classes, base: first[0], levels: levels, dimensions: isPlanar ? 2 : 3,
            padding: .same, normalization: normalization, kernels: Array(repeating: kernel, count: levels),
            windows: Array(repeating: window, count: levels - 1))
        do {
            try configuration.validate()
        } catch {
            throw .misfit("the network has no counterpart in Slicewise: \(error)")
        }
        return configuration
    }

    /// Where pytorch-3dunet has a convolution, of which ours is called "decoder.0.conv1"; its decoders are counted from the
    /// coarsest.
    private static func path(of place: [Substring], levels: Int) -> String {
        let level = Int(place[1]) ?? 0, isEncoder = place[0] == "encoder"
        let number = isEncoder ? level : levels - 2 - level
        return "\(isEncoder ? "encoders" : "decoders").\(number).basic_module.SingleConv\(place[2] == "conv0" ? 1 : 2)"
    }

    private func fill(
        _ node: GraphNode, _ convolution: GraphOperation.Convolution, from path: String, _ tensors: inout StateDict,
        of network: UNet, swapping joins: Bool
    ) throws(ExchangeError) {
        guard let shape = node.tensors.first(where: { $0.role == .weights })?.shape else { return }
        var weights = try tensors.take("\(path).conv.weight", shape)
        if joins {
            let skip = node.channels
            let size = convolution.kernel.reduce(1, *), all = shape[1] * size
            weights = (0..<node.channels).flatMap { output -> [Float] in
                let row = weights[output * all..<(output + 1) * all]
                return Array(row.dropFirst(skip * size) + row.prefix(skip * size))
            }
        }
        network.set(node, .weights, weights)
        let count = [node.channels]
        guard normalization == .batch else {
            network.set(node, .bias, try tensors.take("\(path).conv.bias", count))
            return
        }
        network.set(node, .scale, try tensors.take("\(path).batchnorm.weight", count))
        network.set(node, .shift, try tensors.take("\(path).batchnorm.bias", count))
        network.set(node, .runningMean, try tensors.take("\(path).batchnorm.running_mean", count))
        network.set(node, .runningVariance, try tensors.take("\(path).batchnorm.running_var", count))
    }

    private static func identity(_ channels: Int, times window: Int) -> [Float] {
        var weights = [Float](repeating: 0, count: channels * channels * window)
        for channel in 0..<channels {
            let start = (channel * channels + channel) * window
            for place in start..<start + window { weights[place] = 1 }
        }
        return weights
    }

    /// The last layer; the sigmoid of one output is the softmax of 0 and that output.
    private func fill(
        _ node: GraphNode, _ tensors: inout StateDict, of network: UNet, order: [Int]
    ) throws(ExchangeError) {
        let inputs = network.graph.nodes[node.inputs[0]].channels
        let outputs = try tensors.shape("final_conv.weight").first ?? 0
        guard isSigmoid ? outputs == 1 && order.count == 2 : outputs == order.count else {
            throw .misfit(
                isSigmoid
                    ? "the tensor \"final_conv.weight\" has \(outputs) outputs and \"final_sigmoid\" is true: each output is "
                        + "then a probability of its own; Slicewise takes one such output and two classes, the first of which it is "
                        + "the absence of, or any number with \"final_sigmoid\": false"
                    : "the tensor \"final_conv.weight\" has \(outputs) outputs; there are \(order.count) classes")
        }
        var weights = try tensors.take("final_conv.weight", [outputs, inputs, 1, 1, 1])
        var biases = try tensors.take("final_conv.bias", [outputs])
        if isSigmoid {
            weights = [Float](repeating: 0, count: inputs) + weights
            biases = [0] + biases
        }
        network.set(node, .weights, order.flatMap { weights[$0 * inputs..<($0 + 1) * inputs] })
        network.set(node, .bias, order.map { biases[$0] })
    }
}

extension UNet {
    /// Sets the values of a tensor of a node.
    func set(_ node: GraphNode, _ role: GraphTensor.Role, _ values: [Float]) {
        guard let name = node.tensor(role) else { return }
        _ = parameters[name]?.update(fromContentsOf: values)
    }
}
