package import Volumes

/// Reads boxes of a volume as normalised floats: mean 0 and deviation 1 for each channel, hot and dead pixels
/// limited to 8 deviations; beyond the volume's edges the image is mirrored.
package struct IntensityReader: Sendable {
    private static let limit: Float = 8

    private let source: any VoxelSource
    private let offsets: [Float]
    private let gains: [Float]

    package var extent: Extent { source.header.extent }
    package var channels: Int { source.header.channels }

    package init(_ source: any VoxelSource, statistics: [ChannelStatistics]) throws(TrainingError) {
        guard statistics.count == source.header.channels else {
            throw .mismatch(
                "There are statistics of \(statistics.count) channels; the volume has \(source.header.channels).")
        }
        self.source = source
        offsets = statistics.map { Float($0.mean) }
        gains = statistics.map { $0.deviation > 0 && $0.deviation.isFinite ? Float(1 / $0.deviation) : 1 }
    }

    /// Fills `values`, channel after channel, with a box that may hang over the volume's edges.
    package func read(_ box: Box, into values: UnsafeMutableBufferPointer<Float>) throws {
        let count = box.extent.voxels
        let maps = Axis.allCases.map { axis in
            box.range(axis).map { IntensityReader.mirrored($0, extent[axis]) }
        }
        var inner = box
        for (map, axis) in zip(maps, Axis.allCases) {
            let low = map.min() ?? 0
            inner.origin[axis] = low
            inner.extent[axis] = (map.max() ?? 0) - low + 1
        }
        let element = source.header.element
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: inner.extent.voxels * element.size, alignment: 16)
        defer { bytes.deallocate() }
        for channel in 0..<channels {
            try source.read(inner, channel: channel, into: bytes)
            let target = UnsafeMutableBufferPointer(rebasing: values[channel * count..<(channel + 1) * count])
            if inner == box {
                convert(bytes, element, channel, into: target)
            } else {
                let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: inner.extent.voxels)
                defer { floats.deallocate() }
                convert(bytes, element, channel, into: floats)
                gather(floats, of: inner, maps, into: target)
            }
        }
    }

    /// The voxel that stands at a position when the volume is reflected about its outermost voxels.
    package static func mirrored(_ index: Int, _ count: Int) -> Int {
        guard count > 1 else { return 0 }
        let period = 2 * (count - 1)
        let place = ((index % period) + period) % period
        return place < count ? place : period - place
    }

    private func gather(
        _ floats: UnsafeMutableBufferPointer<Float>, of inner: Box, _ maps: [[Int]],
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        var place = 0
        for z in maps[0] {
            for y in maps[1] {
                let row = ((z - inner.origin.z) * inner.extent.y + y - inner.origin.y) * inner.extent.x
                for x in maps[2] {
                    target[place] = floats[row + x - inner.origin.x]
                    place += 1
                }
            }
        }
    }

    private func convert(
        _ bytes: UnsafeMutableRawBufferPointer, _ element: ElementType, _ channel: Int,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        switch element {
        case .uint8: whole(bytes.assumingMemoryBound(to: UInt8.self), channel, target)
        case .int8: whole(bytes.assumingMemoryBound(to: Int8.self), channel, target)
        case .uint16: whole(bytes.assumingMemoryBound(to: UInt16.self), channel, target)
        case .int16: whole(bytes.assumingMemoryBound(to: Int16.self), channel, target)
        case .uint32: whole(bytes.assumingMemoryBound(to: UInt32.self), channel, target)
        case .int32: whole(bytes.assumingMemoryBound(to: Int32.self), channel, target)
        case .uint64: whole(bytes.assumingMemoryBound(to: UInt64.self), channel, target)
        case .int64: whole(bytes.assumingMemoryBound(to: Int64.self), channel, target)
        case .float32: real(bytes.assumingMemoryBound(to: Float.self), channel, target)
        case .float64: real(bytes.assumingMemoryBound(to: Double.self), channel, target)
        }
    }

    @inline(__always)
    private func whole<Value: BinaryInteger>(
        _ values: UnsafeMutableBufferPointer<Value>, _ channel: Int, _ target: UnsafeMutableBufferPointer<Float>
    ) {
        let offset = offsets[channel]
        let gain = gains[channel]
        for index in target.indices {
            let value = (Float(values[index]) - offset) * gain
            target[index] = min(max(value, -IntensityReader.limit), IntensityReader.limit)
        }
    }

    @inline(__always)
    private func real<Value: BinaryFloatingPoint>(
        _ values: UnsafeMutableBufferPointer<Value>, _ channel: Int, _ target: UnsafeMutableBufferPointer<Float>
    ) {
        let offset = offsets[channel]
        let gain = gains[channel]
        for index in target.indices {
            let value = (Float(values[index]) - offset) * gain
            target[index] = value.isNaN ? 0 : min(max(value, -IntensityReader.limit), IntensityReader.limit)
        }
    }
}
