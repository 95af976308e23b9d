/// Annotated slices merged into one sparse label volume; where slices cross and differ, the later one wins.
///
/// Memory grows with what is annotated, not with the volume.
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
        for slice in slices {
            let plane = header.extent.slice(on: slice.axis)
            guard slice.values.count == plane.rows * plane.columns else {
                throw VolumeError.malformed(
                    "the slice on axis \(slice.axis.rawValue) of this volume is \(plane.rows)×\(plane.columns); "
                        + "this one has \(slice.values.count) values")
            }
            paint(slice, box, into: bytes)
        }
    }

    /// Writes the labelled voxels of a slice that lie in the box.
    private func paint(_ slice: AnnotatedSlice, _ box: Box, into bytes: UnsafeMutableRawBufferPointer) {
        let plane = Box(slice: slice.axis, slice.index, of: header.extent).intersection(box)
        guard !plane.isEmpty else { return }
        let columns = header.extent.slice(on: slice.axis).columns
        for z in plane.range(.z) {
            for y in plane.range(.y) {
                for x in plane.range(.x) {
                    let value =
                        switch slice.axis {
                        case .z: slice.values[y * columns + x]
                        case .y: slice.values[z * columns + x]
                        case .x: slice.values[z * columns + y]
                        }
                    guard value != AnnotatedSlice.unlabeled else { continue }
                    let row = (z - box.origin.z) * box.extent.y + y - box.origin.y
                    bytes[row * box.extent.x + x - box.origin.x] = value
                }
            }
        }
    }
}
