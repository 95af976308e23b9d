package import Tensors

/// Extents of inputs, outputs and intermediate results.
extension NetworkGraph {
    /// The numbers that the extents of input and output must be multiples of, with `same` padding.
    package var multiple: (z: Int, y: Int, x: Int) {
        let factors = factors(configuration.levels - 1)
        return (factors[0], factors[1], factors[2])
    }

    /// Voxels of the finest level per voxel of a level, on each axis.
    package func factors(_ level: Int) -> [Int] {
        var factors = [1, 1, 1]
        for node in nodes where node.level <= level {
            guard case .pooling(let window) = node.operation else { continue }
            for axis in 0..<3 { factors[axis] *= window[axis] }
        }
        return factors
    }

    /// The receptive field: voxels on each side of an output voxel that can change it.
    package var halo: (z: Int, y: Int, x: Int) {
        let factors = (0..<configuration.levels).map { self.factors($0) }
        let sides = (0..<3).map { axis in
            var reaches: [Int] = []
            for node in nodes {
                let seen = node.inputs.map { reaches[$0] }.max() ?? 0
                reaches.append(seen + node.operation.reach(axis: axis) * factors[node.level][axis])
            }
            return reaches[output.id]
        }
        return (sides[0], sides[1], sides[2])
    }

    /// The shape of the prediction for an input; the error for an unsuitable extent names one that would fit.
    package func outputShape(for input: Shape) throws(NetworkError) -> Shape {
        var output = input.with(channels: configuration.classes)
        output = output.with(extent: [
            try outputSize(input.depth, axis: 0, "depth"), try outputSize(input.height, axis: 1, "height"),
            try outputSize(input.width, axis: 2, "width"),
        ])
        return output
    }

    /// The smallest input whose output covers the given one.
    package func inputShape(covering output: Shape) -> Shape {
        output.with(channels: configuration.channels).with(
            extent: (0..<3).map { axis in inputSize(output.extent[axis], axis: axis) })
    }

    /// The extents that the decoder's levels must compute, the finest first, for the centre of the output alone.
    ///
    /// Coarser levels add the receptive field of their own two convolutions. Nil if these extents can't be centred on
    /// all levels, and with valid padding.
    package func decoderExtents(for input: Shape, centre: [Int]) -> [[Int]]? {
        guard configuration.padding == .same else { return nil }
        var axes: [[Int]] = []
        for axis in 0..<3 {
            let levels = (0..<configuration.levels - 1).compactMap { decoder($0, axis: axis) }
            guard let extents = Self.centres(of: input.extent[axis], reading: centre[axis], level: 0, levels) else {
                return nil
            }
            axes.append(extents)
        }
        return (0..<configuration.levels - 1).map { level in axes.map { $0[level] } }
    }

    /// The extents along an axis of a level of `size` voxels, of which the centre `part` are read, and of coarser
    /// levels.
    private static func centres(of size: Int, reading part: Int, level: Int, _ levels: [DecoderLevel]) -> [Int]? {
        guard part <= size, (size - part).isMultiple(of: 2) else { return nil }
        guard level < levels.count else { return level > 0 || part == size ? [] : nil }
        let (window, reach) = levels[level]
        let seen = level > 0 ? 2 * reach : 0
        let largest = level > 0 ? size : part
        for extent in stride(from: min(part + seen, size), through: largest, by: 2) where extent % window == 0 {
            if let rest = centres(of: size / window, reading: extent / window, level: level + 1, levels) {
                return [extent] + rest
            }
        }
        return nil
    }

    /// The up-convolution window of a decoder level along an axis, and the combined reach of its convolutions.
    private typealias DecoderLevel = (window: Int, reach: Int)

    /// A level of the decoder; nil for the coarsest level, which has no up-convolution.
    private func decoder(_ level: Int, axis: Int) -> DecoderLevel? {
        for up in nodes where up.level == level {
            guard case .upConvolution(let window) = up.operation else { continue }
            let later = nodes[(up.id + 1)...].filter { $0.level == level }
            return (window[axis], later.reduce(0) { $0 + $1.operation.reach(axis: axis) })
        }
        return nil
    }

    private func outputSize(_ size: Int, axis: Int, _ name: String) throws(NetworkError) -> Int {
        let output = sizes(size, axis: axis)?[output.id]
        if let output, output > 0 { return output }
        throw .shape(
            "the network cannot take a \(name) of \(size) voxels; \(inputSize(max(1, size), axis: axis)) would fit")
    }

    private func inputSize(_ output: Int, axis: Int) -> Int {
        let node = self.output
        var size = output
        while (sizes(size, axis: axis)?[node.id] ?? 0) < output { size += 1 }
        return size
    }

    /// Voxels of each node's result along an axis; nil if a pooling window doesn't divide it or no voxel would be left.
    private func sizes(_ size: Int, axis: Int) -> [Int]? {
        var sizes: [Int] = []
        for node in nodes {
            let inputs = node.operation == .image ? [size] : node.inputs.map { sizes[$0] }
            guard let result = node.operation.size(of: inputs, axis: axis) else { return nil }
            sizes.append(result)
        }
        return sizes
    }

    /// The shape of each node's result for an input; nil if the network can't take it.
    package func shapes(for input: Shape) -> [Shape]? {
        var axes: [[Int]] = []
        for axis in 0..<3 {
            guard let sizes = sizes(input.extent[axis], axis: axis) else { return nil }
            axes.append(sizes)
        }
        return nodes.map { node in input.with(channels: node.channels).with(extent: axes.map { $0[node.id] }) }
    }
}
