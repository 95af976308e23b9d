package import Tensors

extension UNetConfiguration {
    /// What extents of input and output must be multiples of, with `same` padding.
    package var multiple: (z: Int, y: Int, x: Int) {
        let factors = window.map { size in (1..<levels).reduce(1) { product, _ in product * size } }
        return (factors[0], factors[1], factors[2])
    }

    /// Voxels on each side of an output voxel that can change it.
    package var halo: (z: Int, y: Int, x: Int) {
        let sides = (0..<3).map { axis in haloOnAxis(kernel: kernel[axis], window: window[axis]) }
        return (sides[0], sides[1], sides[2])
    }

    private func haloOnAxis(kernel: Int, window: Int) -> Int {
        let reach = kernel / 2
        // Upwards, each level adds two convolutions on both paths and the offset within a pooling window.
        var side = 2 * reach
        for _ in 1..<max(levels, 1) { side = side * window + (window - 1) + 4 * reach }
        return levels == 1 ? 2 * reach : side
    }

    /// The shape of the prediction for an input; fails when the network cannot take it, naming one that it can.
    package func outputShape(for input: Shape) throws(NetworkError) -> Shape {
        var output = input.with(channels: classes)
        output = output.with(extent: [
            try outputSize(input.depth, axis: 0, "depth"), try outputSize(input.height, axis: 1, "height"),
            try outputSize(input.width, axis: 2, "width"),
        ])
        return output
    }

    /// The smallest input whose output covers the given one.
    package func inputShape(covering output: Shape) -> Shape {
        output.with(channels: channels).with(extent: (0..<3).map { axis in inputSize(output.extent[axis], axis: axis) })
    }

    private func outputSize(_ size: Int, axis: Int, _ name: String) throws(NetworkError) -> Int {
        let output = trace(size, axis: axis)
        if let output, output > 0 { return output }
        throw .shape(
            "the network cannot take a \(name) of \(size) voxels; \(inputSize(max(1, size), axis: axis)) would fit")
    }

    private func inputSize(_ output: Int, axis: Int) -> Int {
        var size = output
        while (trace(size, axis: axis) ?? 0) < output { size += 1 }
        return size
    }

    /// The output size on one axis, or nil where a pooling would not divide or nothing would be left.
    private func trace(_ size: Int, axis: Int) -> Int? {
        let loss = padding == .same ? 0 : 2 * (kernel[axis] - 1)
        let window = window[axis]
        var size = size
        for level in 0..<levels {
            size -= loss
            guard size > 0 else { return nil }
            guard level < levels - 1 else { break }
            guard size % window == 0 else { return nil }
            size /= window
        }
        for _ in 0..<levels - 1 {
            size = size * window - loss
            guard size > 0 else { return nil }
        }
        return size
    }
}
