package import Tensors

extension UNetConfiguration {
    /// What extents of input and output must be multiples of, with `same` padding.
    package var multiple: (z: Int, y: Int, x: Int) {
        let factors = factors(levels - 1)
        return (factors[0], factors[1], factors[2])
    }

    /// Voxels of the finest level to one of a level, on each axis.
    func factors(_ level: Int) -> [Int] {
        (0..<3).map { axis in (0..<level).reduce(1) { $0 * window($1)[axis] } }
    }

    /// Voxels on each side of an output voxel that can change it.
    package var halo: (z: Int, y: Int, x: Int) {
        let sides = (0..<3).map { haloOnAxis($0) }
        return (sides[0], sides[1], sides[2])
    }

    private func haloOnAxis(_ axis: Int) -> Int {
        var side = 2 * (kernel(levels - 1)[axis] / 2)
        // Upwards, each level adds two convolutions on both paths and the offset within a pooling window.
        for level in (0..<levels - 1).reversed() {
            let size = window(level)[axis]
            side = side * size + (size - 1) + 4 * (kernel(level)[axis] / 2)
        }
        return side
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

    /// The extents at which the decoder's levels are computed, the finest first, where no more than the centre of the
    /// output is wanted.
    ///
    /// Coarser levels reach as far about it as their own two convolutions see. Nil where that has no common centre on
    /// all levels, and with valid padding.
    package func decoderExtents(for input: Shape, centre: [Int]) -> [[Int]]? {
        guard padding == .same else { return nil }
        var axes: [[Int]] = []
        for axis in 0..<3 {
            guard let extents = centres(of: input.extent[axis], reading: centre[axis], level: 0, axis: axis) else {
                return nil
            }
            axes.append(extents)
        }
        return (0..<levels - 1).map { level in axes.map { $0[level] } }
    }

    /// Of a level with so many voxels on an axis and those above it, where `part` of them in the centre are read.
    private func centres(of size: Int, reading part: Int, level: Int, axis: Int) -> [Int]? {
        guard part <= size, (size - part).isMultiple(of: 2) else { return nil }
        guard level < levels - 1 else { return level > 0 || part == size ? [] : nil }
        let window = window(level)[axis]
        let seen = level > 0 ? 4 * (kernel(level)[axis] / 2) : 0
        let largest = level > 0 ? size : part
        for extent in stride(from: min(part + seen, size), through: largest, by: 2) where extent % window == 0 {
            if let rest = centres(of: size / window, reading: extent / window, level: level + 1, axis: axis) {
                return [extent] + rest
            }
        }
        return nil
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
        func loss(_ level: Int) -> Int { padding == .same ? 0 : 2 * (kernel(level)[axis] - 1) }
        var size = size
        for level in 0..<levels {
            size -= loss(level)
            guard size > 0 else { return nil }
            guard level < levels - 1 else { break }
            guard size % window(level)[axis] == 0 else { return nil }
            size /= window(level)[axis]
        }
        for level in (0..<levels - 1).reversed() {
            size = size * window(level)[axis] - loss(level)
            guard size > 0 else { return nil }
        }
        return size
    }
}
