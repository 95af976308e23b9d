/// An annotated slice: class indices, and 255 for unlabeled voxels.
package struct AnnotatedSlice: Hashable, Sendable {
    package static let unlabeled: UInt8 = 255

    package var position: SlicePosition
    /// Rows × columns values in the order that `Extent.slice(on:)` gives.
    package var values: [UInt8]

    package init(at position: SlicePosition, values: [UInt8]) {
        self.position = position
        self.values = values
    }

    package var axis: Axis { position.axis }
    package var index: Int { position.index }
}

extension AnnotatedSlice {
    /// Writes the labelled voxels that lie in a box of a volume to `bytes`, which holds the box, x fastest.
    package func paint(_ box: Box, of extent: Extent, into bytes: UnsafeMutableRawBufferPointer) throws(VolumeError) {
        let (rows, columns) = position.plane(in: extent)
        guard values.count == rows * columns else {
            throw .malformed(
                "the slice on axis \(axis.rawValue) of this volume is \(rows)×\(columns); "
                    + "this one has \(values.count) values")
        }
        let plane = Box(slice: position, of: extent).intersection(box)
        guard !plane.isEmpty else { return }
        for z in plane.range(.z) {
            for y in plane.range(.y) {
                for x in plane.range(.x) {
                    let value =
                        switch axis {
                        case .z: values[y * columns + x]
                        case .y: values[z * columns + x]
                        case .x: values[z * columns + y]
                        }
                    guard value != AnnotatedSlice.unlabeled else { continue }
                    let row = (z - box.origin.z) * box.extent.y + y - box.origin.y
                    bytes[row * box.extent.x + x - box.origin.x] = value
                }
            }
        }
    }
}
