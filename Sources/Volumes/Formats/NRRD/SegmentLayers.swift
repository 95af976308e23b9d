/// The voxels of a label file with the names of its segments; a number may be several of them.
struct SegmentedVolume: VoxelSource {
    private let source: any VoxelSource
    let segments: [LabelSegment]?

    init(_ source: any VoxelSource, _ segments: [NRRDSegment]) {
        self.source = source
        self.segments = segments.map { LabelSegment(name: $0.name, value: $0.value) }
    }

    /// No two have the same value.
    init(_ source: any VoxelSource, named segments: [LabelSegment]) {
        self.source = source
        self.segments = segments
    }

    var header: VolumeHeader { source.header }
    var order: [Axis] { source.order }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        try source.read(box, channel: channel, into: bytes)
    }
}

/// Layers of segments, as 3D Slicer saves those that may overlap, as one channel of their numbers; 0 is no segment.
///
/// Where layers have the same number for several segments, these are counted from 1 on in the order of the file.
/// Reading fails at a voxel that belongs to two segments.
struct SegmentLayers: VoxelSource {
    let header: VolumeHeader
    let segments: [LabelSegment]?
    private let layers: any VoxelSource
    /// For each layer the number here of a segment's number there.
    private let numbers: [[Int64: UInt16]]

    /// `layers` has a channel for each.
    init(_ layers: any VoxelSource, _ segments: [NRRDSegment]) throws(VolumeError) {
        self.layers = layers
        header = layers.header.with(element: .uint16)
        let isUnique = Set(segments.map(\.value)).count == segments.count
        let isCounted = !isUnique || segments.contains { !(1...65_535).contains($0.value) }
        let known = segments.enumerated().map { index, segment in
            LabelSegment(
                name: segment.name, value: isCounted ? Int64(index + 1) : segment.value, isCounted: isCounted)
        }
        self.segments = known
        var numbers = [[Int64: UInt16]](repeating: [:], count: layers.header.channels)
        for (segment, own) in zip(segments, known) {
            guard numbers.indices.contains(segment.layer), let number = UInt16(exactly: own.value) else {
                throw .malformed(
                    "the NRRD file's segment \"\(segment.name)\" is in layer \(segment.layer); there are "
                        + "\(numbers.count) layers")
            }
            guard numbers[segment.layer].updateValue(number, forKey: segment.value) == nil else {
                throw .malformed(
                    "the NRRD file has two segments of the value \(segment.value) in layer \(segment.layer)")
            }
        }
        self.numbers = numbers
    }

    var order: [Axis] { layers.order }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let target = bytes.bindMemory(to: UInt16.self)
        target.update(repeating: 0)
        for layer in numbers.indices {
            let values = try layers.raw(box, channel: layer)
            let bad = try values.withUnsafeBytes {
                try layers.header.element.run(LayerWork(values: $0, numbers: numbers[layer], target: target))
            }
            guard let bad else { continue }
            let plane = box.extent.y * box.extent.x
            let place =
                "z \(box.origin.z + bad.index / plane), y \(box.origin.y + bad.index % plane / box.extent.x), "
                + "x \(box.origin.x + bad.index % box.extent.x)"
            guard let number = bad.number else {
                throw VolumeError.malformed(
                    "layer \(layer) of the NRRD file has a value at \(place) that is no segment's")
            }
            throw VolumeError.unsupported(
                "the segments \"\(name(of: target[bad.index]))\" and \"\(name(of: number))\" overlap at "
                    + "\(place); a voxel has one label: in 3D Slicer's Segment Editor take one from the other (Logical "
                    + "operators, Subtract), or export the segmentation as a label map")
        }
    }
}

extension SegmentLayers {
    private func name(of number: UInt16) -> String {
        let name = segments?.first { $0.value == Int64(number) }?.name ?? ""
        return String(name.prefix(80))
    }
}

/// Lays a layer on those before; the result is the first voxel that has no segment's number, or a segment already.
private struct LayerWork: VoxelWork {
    let values: UnsafeRawBufferPointer
    let numbers: [Int64: UInt16]
    let target: UnsafeMutableBufferPointer<UInt16>

    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) -> (index: Int, number: UInt16?)? {
        let values = values.bindMemory(to: Value.self)
        guard let first = values.first else { return nil }
        var last = first
        var number = self.number(of: last)
        for index in values.indices {
            if values[index] != last {
                last = values[index]
                number = self.number(of: last)
            }
            guard let number else { return (index, nil) }
            guard number > 0 else { continue }
            guard target[index] == 0 else { return (index, number) }
            target[index] = number
        }
        return nil
    }

    /// 0 for no segment, `nil` for a number that none has.
    private func number<Value: VoxelValue>(of value: Value) -> UInt16? {
        guard let whole = Int64(exactly: value.double) else { return nil }
        return whole == 0 ? 0 : numbers[whole]
    }
}
