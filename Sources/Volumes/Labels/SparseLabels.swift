/// Annotated slices merged into one sparse label volume; where slices cross and differ, the later one wins.
///
/// Memory grows with the slices, not with the volume.
package struct SparseLabels: VoxelSource {
    package let header: VolumeHeader
    /// Oldest first.
    package let slices: [AnnotatedSlice]

    /// `volume` gives the grid; `slices` are ordered oldest first.
    package init(of volume: VolumeHeader, slices: [AnnotatedSlice]) {
        header = volume.with(element: .uint8)
        self.slices = slices
    }

    package func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        bytes.initializeMemory(as: UInt8.self, repeating: AnnotatedSlice.unlabeled)
        for slice in slices { try slice.paint(box, of: header.extent, into: bytes) }
    }
}
