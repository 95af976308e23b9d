/// A label file as it is: numbers, indices of a palette or colours, not yet mapped to classes.
package struct LabelVolume: Sendable {
    package let kind: LabelPicture.Kind
    /// One channel; colours are `Color.number`.
    package let source: any VoxelSource

    /// `file` has one channel, or three or four of 8 bits: red, green, blue and opacity.
    package init(_ file: any VoxelSource) throws(VolumeError) {
        switch file.header.channels {
        case 1:
            kind = file.segments.map(LabelPicture.Kind.segments) ?? file.palette.map { .indices($0) } ?? .numbers
            source = file
        case 3...4 where file.header.element == .uint8:
            kind = .colors
            source = ColorVolume(channels: file)
        case let count:
            throw .unsupported(
                "a label volume has one channel, or colours: three or four channels of uint8; this one has \(count) of "
                    + file.header.element.rawValue)
        }
    }

    /// The numbers, indices or colours that occur, in order; `nil` if there are more than `limit`.
    package func distinctValues(upTo limit: Int = LabelPicture.mostValues) throws -> [Double]? {
        var known: Set<Double> = []
        for box in source.header.slabs(bytes: 8 << 20) {
            let bytes = try source.raw(box)
            let values = try bytes.withUnsafeBytes {
                try source.header.element.run(DistinctValues(bytes: $0, limit: limit))
            }
            guard let values else { return nil }
            known.formUnion(values)
            guard known.count <= limit else { return nil }
        }
        return known.sorted()
    }
}

/// Channels of colours as one channel of `Color.number`.
private struct ColorVolume: VoxelSource {
    let header: VolumeHeader
    private let channels: any VoxelSource

    init(channels: any VoxelSource) {
        self.channels = channels
        header = channels.header.with(element: .uint32)
    }

    var order: [Axis] { channels.order }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let numbers = bytes.bindMemory(to: UInt32.self)
        for (index, value) in try channels.raw(box, channel: 0).enumerated() { numbers[index] = UInt32(value) }
        for channel in 1...2 {
            for (index, value) in try channels.raw(box, channel: channel).enumerated() {
                numbers[index] = numbers[index] << 8 | UInt32(value)
            }
        }
        guard channels.header.channels == 4 else { return }
        for (index, opacity) in try channels.raw(box, channel: 3).enumerated() where opacity != 255 {
            guard opacity == 0 else {
                let plane = box.extent.y * box.extent.x
                throw VolumeError.unsupported(
                    "the voxel at z \(box.origin.z + index / plane), y \(box.origin.y + index % plane / box.extent.x), "
                        + "x \(box.origin.x + index % box.extent.x) is half-transparent; a label is there or not: save the "
                        + "file without smoothed edges")
            }
            numbers[index] = UInt32(Color.transparent)
        }
    }
}
