internal import Volumes

/// The voxels of a plane that it shares with another one: where the first of its values is, from each to the next, and
/// how many there are.
struct PlaneLine {
    let start: Int
    let step: Int
    let count: Int
}

extension SlicePosition {
    private var rowAxis: Axis { axis == .z ? .y : .z }

    /// The voxels in this plane that it shares with the plane `other`; `nil` if they are parallel.
    ///
    /// The order is the same for both planes.
    func line(with other: SlicePosition, in extent: Extent) -> PlaneLine? {
        guard axis != other.axis else { return nil }
        let (rows, columns) = plane(in: extent)
        return isRow(of: other)
            ? PlaneLine(start: other.index * columns, step: 1, count: columns)
            : PlaneLine(start: other.index, step: columns, count: rows)
    }

    /// Whether the line that this plane shares with one that crosses it is a row of this one, not a column.
    func isRow(of other: SlicePosition) -> Bool { other.axis == rowAxis }
}

extension AnnotatedSlice {
    /// The labels that lie in the plane `other`, too; none if it is parallel.
    func line(with other: SlicePosition, in extent: Extent) -> [UInt8] {
        guard let line = position.line(with: other, in: extent) else { return [] }
        return (0..<line.count).map { values[line.start + $0 * line.step] }
    }
}
