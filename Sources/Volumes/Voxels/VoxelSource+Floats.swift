extension VoxelSource {
    /// One channel of a box as single-precision numbers, x fastest; the box may extend beyond the volume.
    package func floats(_ box: Box, channel: Int = 0, border: Border = .mirror) throws -> [Float] {
        var values = [Float](repeating: 0, count: box.extent.voxels)
        try values.withUnsafeMutableBufferPointer { try readFloats(box, channel: channel, border: border, into: $0) }
        return values
    }

    /// Writes one channel of a box to `values`, which must have room for exactly its voxels.
    ///
    /// With `typical` intensities they are centred and scaled by them, as `IntensityScale` says.
    package func readFloats(
        _ box: Box, channel: Int = 0, border: Border = .mirror, scaledBy typical: TypicalIntensities? = nil,
        into values: UnsafeMutableBufferPointer<Float>
    ) throws {
        let whole = Box(extent: header.extent), scale = typical.map { IntensityScale($0) }
        guard !whole.contains(box) else { return try readInside(box, channel: channel, scale, into: values) }
        let indices = indices(of: box, border)
        let needed = Self.hull(of: indices)
        guard !needed.isEmpty else { return values.update(repeating: 0) }
        var inner = [Float](repeating: 0, count: needed.extent.voxels)
        try inner.withUnsafeMutableBufferPointer { try readInside(needed, channel: channel, scale, into: $0) }
        inner.withUnsafeBufferPointer { Self.gather($0, of: needed, at: indices, into: values) }
    }

    /// The box inside the volume whose voxels a box is made of that may extend beyond the volume.
    package func inside(_ box: Box, border: Border = .mirror) -> Box {
        Box(extent: header.extent).contains(box) ? box : Self.hull(of: indices(of: box, border))
    }

    /// For each axis the index in the volume of each index of a box; -1 for none.
    private func indices(of box: Box, _ border: Border) -> [[Int]] {
        Axis.allCases.map { axis in
            box.range(axis).map { border.inside($0, count: header.extent[axis]) ?? -1 }
        }
    }

    /// One channel of a box as doubles, x fastest; the box lies inside the volume.
    package func doubles(_ box: Box, channel: Int = 0) throws -> [Double] {
        let bytes = try raw(box, channel: channel)
        return try bytes.withUnsafeBytes { try header.element.run(DoubleConversion(bytes: $0)) }
    }

    /// One channel of a box as it is stored, in native byte order; the box lies inside the volume.
    package func raw(_ box: Box, channel: Int = 0) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: box.extent.voxels * header.element.size)
        try bytes.withUnsafeMutableBytes { try read(box, channel: channel, into: $0) }
        return bytes
    }

    private func readInside(
        _ box: Box, channel: Int, _ scale: IntensityScale?, into values: UnsafeMutableBufferPointer<Float>
    ) throws {
        if header.element == .float32 {
            try read(box, channel: channel, into: UnsafeMutableRawBufferPointer(values))
            guard let scale else { return }
            for index in values.indices { values[index] = scale(values[index]) }
            return
        }
        let bytes = try raw(box, channel: channel)
        try bytes.withUnsafeBytes { try header.element.run(FloatConversion(bytes: $0, scale: scale, values: values)) }
    }

    /// The smallest box that contains every index except -1; empty if an axis has no other.
    private static func hull(of indices: [[Int]]) -> Box {
        var hull = Box(extent: Extent(z: 0, y: 0, x: 0))
        for (axis, axisIndices) in zip(Axis.allCases, indices) {
            let real = axisIndices.filter { $0 >= 0 }
            guard let low = real.min(), let high = real.max() else { return hull }
            hull.origin[axis] = low
            hull.extent[axis] = high - low + 1
        }
        return hull
    }

    private static func gather(
        _ inner: UnsafeBufferPointer<Float>, of box: Box, at indices: [[Int]],
        into values: UnsafeMutableBufferPointer<Float>
    ) {
        var next = 0
        for z in indices[0] {
            for y in indices[1] {
                let row = ((z - box.origin.z) * box.extent.y + y - box.origin.y) * box.extent.x - box.origin.x
                for x in indices[2] {
                    values[next] = z < 0 || y < 0 || x < 0 ? 0 : inner[row + x]
                    next += 1
                }
            }
        }
    }
}

private struct FloatConversion: VoxelWork {
    let bytes: UnsafeRawBufferPointer
    let scale: IntensityScale?
    let values: UnsafeMutableBufferPointer<Float>

    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) {
        bytes.withMemoryRebound(to: Value.self) { source in
            let count = min(source.count, values.count)
            if let scale {
                for index in 0..<count { values[index] = scale(source[index]) }
            } else {
                for index in 0..<count { values[index] = source[index].float }
            }
        }
    }
}

private struct DoubleConversion: VoxelWork {
    let bytes: UnsafeRawBufferPointer

    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) -> [Double] {
        bytes.withMemoryRebound(to: Value.self) { $0.map(\.double) }
    }
}
