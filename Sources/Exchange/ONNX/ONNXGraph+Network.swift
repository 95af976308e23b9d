internal import Network
internal import Tensors

extension ONNXGraph {
    /// Adds a network with its weights, which reads normalised intensities of an extent that it can take; returns the
    /// name of the classes' probabilities.
    ///
    /// Statistics of the batch or the instance are those of each image alone, as in predictions.
    mutating func add(
        _ network: UNet, statistics: BatchNormStatistics, reading image: String
    ) throws(ExchangeError) -> String {
        let graph = network.graph
        let smallest = graph.inputShape(covering: Self.voxel)
        guard let shapes = graph.shapes(for: smallest) else { throw .inexpressible("the network takes no image") }
        /// The names of the nodes' results, by the nodes' numbers.
        var results: [String] = []
        for node in graph.nodes {
            let inputs = node.inputs.map { results[$0] }
            switch node.operation {
            case .image: results.append(image)
            case .convolution(let convolution):
                let sum = try add(convolution, node, of: network, statistics, reading: inputs)
                results.append(add("Relu", [sum], named: node.name))
            case .pooling(let window):
                results.append(
                    add(
                        "MaxPool", inputs, named: node.name,
                        ["kernel_shape": .integers(window), "strides": .integers(window)]))
            case .upConvolution(let window):
                let weights = try constant(node, .weights, of: network)
                results.append(
                    add(
                        "ConvTranspose", inputs + [weights], named: node.name,
                        ["kernel_shape": .integers(window), "strides": .integers(window)]))
            case .concatenation:
                let extents = node.inputs.map { shapes[$0].extent }
                let cropped = zip(inputs, extents).map { input, extent in
                    crop(input, by: zip(extent, shapes[node.id].extent).map { $0 - $1 })
                }
                results.append(add("Concat", cropped, named: node.name, ["axis": .integer(1)]))
            case .output:
                let tensors = [try constant(node, .weights, of: network), try constant(node, .bias, of: network)]
                results.append(
                    add("Conv", inputs + tensors, named: node.name, ["kernel_shape": .integers([1, 1, 1])]))
            case .deepOutput: results.append("")
            }
        }
        return add("Softmax", [results[graph.output.id]], ["axis": .integer(1)])
    }

    private static let voxel = Shape(batch: 1, channels: 1, depth: 1, height: 1, width: 1)

    /// Adds a convolution and its normalisation; running statistics become a part of its weights.
    private mutating func add(
        _ convolution: GraphOperation.Convolution, _ node: GraphNode, of network: UNet,
        _ statistics: BatchNormStatistics, reading inputs: [String]
    ) throws(ExchangeError) -> String {
        let attributes: KeyValuePairs<String, Attribute> = [
            "kernel_shape": .integers(convolution.kernel),
            "pads": .integers(convolution.padding + convolution.padding),
        ]
        var tensors: [String]
        switch (convolution.normalization, statistics) {
        case (.none, _):
            tensors = [try constant(node, .weights, of: network), try constant(node, .bias, of: network)]
        case (.batch, .running): tensors = try folded(node, of: network)
        case (.batch, .current), (.instance, _): tensors = [try constant(node, .weights, of: network)]
        }
        let sum = add("Conv", inputs + tensors, named: "\(node.name).sum", attributes)
        guard tensors.count == 1 else { return sum }
        tensors = [try constant(node, .scale, of: network), try constant(node, .shift, of: network)]
        return add(
            "InstanceNormalization", [sum] + tensors, named: convolution.normName,
            ["epsilon": .number(NetworkGraph.epsilon)])
    }

    /// Weights and biases that give what a convolution gives after its running statistics, computed in double precision.
    private mutating func folded(_ node: GraphNode, of network: UNet) throws(ExchangeError) -> [String] {
        var weights = try values(node, .weights, of: network)
        let scales = try values(node, .scale, of: network)
        let means = try values(node, .runningMean, of: network)
        let variances = try values(node, .runningVariance, of: network)
        var biases = try values(node, .shift, of: network)
        let count = weights.count / max(node.channels, 1)
        for channel in 0..<node.channels {
            let factor =
                Double(scales[channel]) / (Double(variances[channel]) + Double(NetworkGraph.epsilon)).squareRoot()
            for place in channel * count..<(channel + 1) * count {
                weights[place] = Float(Double(weights[place]) * factor)
            }
            biases[channel] = Float(Double(biases[channel]) - Double(means[channel]) * factor)
        }
        let shape = node.tensors.first { $0.role == .weights }?.shape ?? []
        return [
            constant(weights, shape: shape, named: "\(node.name).weight"),
            constant(biases, shape: [biases.count], named: "\(node.name).bias"),
        ]
    }

    private func values(
        _ node: GraphNode, _ role: GraphTensor.Role, of network: UNet
    ) throws(ExchangeError) -> [Float] {
        guard let name = node.tensor(role), let values = network.parameters[name] else {
            throw .inexpressible("the network's node \(node.name) lacks its \(role)")
        }
        return Array(values)
    }

    /// Adds a tensor of a node as it is.
    private mutating func constant(
        _ node: GraphNode, _ role: GraphTensor.Role, of network: UNet
    ) throws(ExchangeError) -> String {
        let values = try values(node, role, of: network)
        guard let tensor = node.tensors.first(where: { $0.role == role }) else { return "" }
        return constant(values, shape: tensor.shape, named: tensor.name)
    }

    /// Takes voxels away from both sides of each axis, the odd one from the far end.
    private mutating func crop(_ input: String, by voxels: [Int]) -> String {
        guard voxels.contains(where: { $0 > 0 }) else { return input }
        let starts = constant(voxels.map { $0 / 2 })
        let ends = constant(voxels.map { $0 > 0 ? $0 / 2 - $0 : Int(Int64.max) })
        return add("Slice", [input, starts, ends, constant([2, 3, 4])])
    }
}
