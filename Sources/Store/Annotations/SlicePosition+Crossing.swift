internal import Volumes

extension SlicePosition {
    private var rowAxis: Axis { axis == .z ? .y : .z }

    /// The offsets in this plane of the voxels that it shares with the plane `other`; `nil` if they are parallel.
    ///
    /// The order is the same for both planes.
    func line(with other: SlicePosition, in extent: Extent) -> StrideTo<Int>? {
        guard axis != other.axis else { return nil }
        let (rows, columns) = plane(in: extent)
        return other.axis == rowAxis
            ? stride(from: other.index * columns, to: (other.index + 1) * columns, by: 1)
            : stride(from: other.index, to: rows * columns, by: columns)
    }
}

extension AnnotatedSlice {
    /// Marks the labelled voxels of this slice that differ from a label of `other`.
    func markConflicts(with other: AnnotatedSlice, in extent: Extent, _ marks: inout [Bool]) {
        guard let mine = position.line(with: other.position, in: extent),
            let theirs = other.position.line(with: position, in: extent)
        else { return }
        for (here, there) in zip(mine, theirs) {
            let (value, opposed) = (values[here], other.values[there])
            if value != opposed, value != AnnotatedSlice.unlabeled, opposed != AnnotatedSlice.unlabeled {
                marks[here] = true
            }
        }
    }
}
