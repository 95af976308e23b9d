/// A volume whose voxels all lie in memory, C×Z×Y×X in native byte order.
package final class InMemoryVolume: VoxelSource {
    package let header: VolumeHeader
    package let bytes: [UInt8]

    /// `bytes` hold all voxels of all channels.
    package init(header: VolumeHeader, bytes: [UInt8]) throws(VolumeError) {
        guard bytes.count == header.byteCount else {
            throw .malformed("the volume's header requires \(header.byteCount) bytes; it has \(bytes.count)")
        }
        self.header = header
        self.bytes = bytes
    }

    /// `values` are all voxels of all channels, in the type that the header names.
    package convenience init<Value: VoxelValue>(header: VolumeHeader, values: [Value]) throws(VolumeError) {
        guard Value.element == header.element else {
            throw .malformed("the volume's header says \(header.element.rawValue), not \(Value.element.rawValue)")
        }
        try self.init(header: header, bytes: values.withUnsafeBytes { [UInt8]($0) })
    }

    /// Reads a whole source into memory.
    package convenience init(copyOf source: any VoxelSource) throws {
        let header = source.header
        let channel = header.extent.voxels * header.element.size
        var bytes = [UInt8](repeating: 0, count: header.byteCount)
        try bytes.withUnsafeMutableBytes { all in
            for index in 0..<header.channels {
                let part = UnsafeMutableRawBufferPointer(rebasing: all[index * channel..<(index + 1) * channel])
                try source.read(Box(extent: header.extent), channel: index, into: part)
            }
        }
        try self.init(header: header, bytes: bytes)
    }

    package func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let size = header.extent.voxels * header.element.size
        self.bytes.withUnsafeBytes { all in
            let part = UnsafeRawBufferPointer(rebasing: all[channel * size..<(channel + 1) * size])
            VoxelCopy.copy(part, of: Box(extent: header.extent), to: bytes, of: box, size: header.element.size)
        }
    }
}
