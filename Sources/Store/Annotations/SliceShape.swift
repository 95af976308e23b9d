internal import Volumes

/// A slice of a volume as an array of rows × columns.
struct SliceShape: Hashable {
    let axis: Axis
    let index: Int
    let extent: Extent

    var rows: Int { extent.slice(on: axis).rows }
    var columns: Int { extent.slice(on: axis).columns }
    var count: Int { rows * columns }

    /// What people call it.
    var words: String { "slice \(index) on axis \(axis.rawValue)" }

    private var rowAxis: Axis { axis == .z ? .y : .z }

    /// Where the plane `other` cuts this one: the offsets of the voxels they share, in an order that is the same seen
    /// from both; `nil` if they are parallel.
    func line(with other: SliceShape) -> StrideTo<Int>? {
        guard axis != other.axis else { return nil }
        return other.axis == rowAxis
            ? stride(from: other.index * columns, to: (other.index + 1) * columns, by: 1)
            : stride(from: other.index, to: count, by: columns)
    }

    /// Marks the voxels of this slice that have a label and differ from one of `other`.
    func markConflicts(_ values: [UInt8], with other: SliceShape, _ others: [UInt8], in marks: inout [Bool]) {
        guard let mine = line(with: other), let theirs = other.line(with: self) else { return }
        for (here, there) in zip(mine, theirs) {
            let (value, opposed) = (values[here], others[there])
            if value != opposed, value != AnnotatedSlice.unlabeled, opposed != AnnotatedSlice.unlabeled {
                marks[here] = true
            }
        }
    }
}
