/// A box of a volume, as a volume of its own.
private struct CroppedVolume: VoxelSource {
    let header: VolumeHeader
    private let source: any VoxelSource
    private let box: Box

    init(_ source: any VoxelSource, to box: Box) {
        self.source = source
        self.box = box
        header = source.header.part(box)
    }

    func read(_ inner: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        var outer = inner
        for axis in Axis.allCases { outer.origin[axis] += box.origin[axis] }
        try source.read(outer, channel: channel, into: bytes)
    }
}

/// A volume of which only the voxels of a box are at hand.
package struct VolumePart: VoxelSource {
    /// That of the whole volume.
    package let header: VolumeHeader
    private let source: any VoxelSource
    private let box: Box

    /// `bytes` are the voxels of the box, channel after channel, as `part` gives them.
    package init(_ box: Box, of header: VolumeHeader, bytes: [UInt8]) throws(VolumeError) {
        guard Box(extent: header.extent).contains(box), !box.isEmpty else {
            throw .malformed("a part of a volume lies outside of it")
        }
        self.header = header
        self.box = box
        source = try InMemoryVolume(header: header.part(box), bytes: bytes)
    }

    /// Throws unless the box lies in the part.
    package func read(_ outer: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        guard box.contains(outer) else {
            throw VolumeError.malformed("only a part of the volume is here, and not this")
        }
        var inner = outer
        for axis in Axis.allCases { inner.origin[axis] -= box.origin[axis] }
        try source.read(inner, channel: channel, into: bytes)
    }
}

extension VoxelSource {
    /// The voxels of a box that lies inside the volume, as a volume of their own.
    package func part(_ box: Box) -> any VoxelSource { CroppedVolume(self, to: box) }
}
