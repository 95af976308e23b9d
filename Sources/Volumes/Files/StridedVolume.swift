/// A volume whose voxels lie uncompressed in a file.
final class StridedVolume: VoxelSource {
    let header: VolumeHeader
    private let file: OpenFile
    private let layout: FileLayout
    /// The axes in the file's order, slowest first, with their strides.
    private let steps: [(axis: Axis, stride: Int)]

    /// Spans of the file up to this many bytes are read at once, even if not all of their voxels are needed.
    private static let span = 4 << 20

    /// The file must hold all bytes that header and layout require.
    ///
    /// `header.element` is the type after scaling.
    init(header: VolumeHeader, file: OpenFile, layout: FileLayout) {
        self.header = header
        self.file = file
        self.layout = layout
        let strides = [(Axis.z, layout.strides.z), (.y, layout.strides.y), (.x, layout.strides.x)]
        steps = strides.sorted { $0.1 > $1.1 }.map { (axis: $0.0, stride: $0.1) }
    }

    var order: [Axis] { steps.map(\.axis) }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        guard channel >= 0, channel < header.channels, Box(extent: header.extent).contains(box) else {
            throw VolumeError.unsupported("the requested box or channel lies outside of the volume")
        }
        if let scaling = layout.scaling {
            let size = box.extent.voxels * layout.stored.size
            let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
            defer { raw.deallocate() }
            try readStored(box, channel: channel, into: raw)
            try layout.stored.run(ScaledValues(stored: UnsafeRawBufferPointer(raw), scaling: scaling, bytes: bytes))
        } else {
            try readStored(box, channel: channel, into: bytes)
        }
    }

    private func readStored(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let first = channel * layout.strides.channel + steps.reduce(0) { $0 + box.origin[$1.axis] * $1.stride }
        let placed = steps.map { step in
            let target =
                switch step.axis {
                case .z: box.extent.y * box.extent.x
                case .y: box.extent.x
                case .x: 1
                }
            return Step(count: box.extent[step.axis], stride: step.stride, target: target)
        }
        try readSteps(placed[...], from: first, to: 0, into: bytes)
        if layout.bigEndian { try layout.stored.run(ByteSwap(bytes: bytes)) }
    }

    /// The steps along one axis of a box: their count, and their strides in the file and in the target, in voxels.
    private struct Step {
        let count: Int
        let stride: Int
        let target: Int
    }

    /// Reads the block that the steps span: at once if it is small enough, else part by part along the slowest axis.
    private func readSteps(
        _ steps: ArraySlice<Step>, from position: Int, to target: Int, into bytes: UnsafeMutableRawBufferPointer
    ) throws {
        let size = layout.stored.size
        let span = steps.reduce(1) { $0 + ($1.count - 1) * $1.stride }
        if steps.allSatisfy({ $0.count == 1 || $0.stride == $0.target }) && isDense(steps) {
            let part = UnsafeMutableRawBufferPointer(rebasing: bytes[target * size..<(target + span) * size])
            return try file.read(at: layout.offset + position * size, into: part)
        }
        if let first = steps.first, steps.count > 1, span * size > Self.span {
            for index in 0..<first.count {
                try readSteps(
                    steps.dropFirst(), from: position + index * first.stride, to: target + index * first.target,
                    into: bytes)
            }
            return
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: span * size, alignment: 16)
        defer { buffer.deallocate() }
        try file.read(at: layout.offset + position * size, into: buffer)
        scatter(steps, UnsafeRawBufferPointer(buffer), from: 0, to: target, into: bytes)
    }

    /// Whether the steps cover every voxel of their span.
    private func isDense(_ steps: ArraySlice<Step>) -> Bool {
        steps.reduce(1) { $0 + ($1.count - 1) * $1.stride } == steps.reduce(1) { $0 * $1.count }
    }

    private func scatter(
        _ steps: ArraySlice<Step>, _ source: UnsafeRawBufferPointer, from position: Int, to target: Int,
        into bytes: UnsafeMutableRawBufferPointer
    ) {
        guard let step = steps.first else { return }
        let size = layout.stored.size
        if steps.count == 1 && step.stride == 1 && step.target == 1 {
            let row = source[position * size..<(position + step.count) * size]
            let slot = bytes[target * size..<(target + step.count) * size]
            return UnsafeMutableRawBufferPointer(rebasing: slot).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: row))
        }
        for index in 0..<step.count {
            let (from, to) = (position + index * step.stride, target + index * step.target)
            if steps.count > 1 {
                scatter(steps.dropFirst(), source, from: from, to: to, into: bytes)
            } else {
                for byte in 0..<size { bytes[to * size + byte] = source[from * size + byte] }
            }
        }
    }
}

private struct ByteSwap: VoxelWork {
    let bytes: UnsafeMutableRawBufferPointer

    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) {
        guard Value.element.size > 1 else { return }
        bytes.withMemoryRebound(to: Value.self) { values in
            for index in values.indices { values[index] = values[index].swapped }
        }
    }
}

private struct ScaledValues: VoxelWork {
    let stored: UnsafeRawBufferPointer
    let scaling: FileLayout.Scaling
    /// `float32` values.
    let bytes: UnsafeMutableRawBufferPointer

    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) {
        let (slope, intercept) = (scaling.slope, scaling.intercept)
        stored.withMemoryRebound(to: Value.self) { stored in
            bytes.withMemoryRebound(to: Float.self) { values in
                for index in stored.indices { values[index] = Float(stored[index].double * slope + intercept) }
            }
        }
    }
}
