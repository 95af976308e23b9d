internal import Volumes

/// What the slices that cross some given ones say where they cross them, as of a revision.
struct CrossingPlanes: Sendable {
    let extent: Extent
    /// The last revision, of whatever volume, that it knows of.
    var revision: Int64
    private let positions: [SlicePosition]
    /// Slices that do not count, since they are about to be replaced.
    private let replaced: Set<SlicePosition>
    /// For each position and each axis of slices that cross it: what they say at its voxels.
    private var planes: [[Axis: [UInt8]]]
    /// The revisions of the slices that were put in.
    private(set) var known: [SlicePosition: Int64] = [:]

    /// Without any slice yet; positions outside of the volume are left out.
    init(
        of positions: Set<SlicePosition>, in extent: Extent, without replaced: Set<SlicePosition> = [],
        revision: Int64 = 0
    ) {
        self.replaced = replaced
        self.extent = extent
        self.revision = revision
        self.positions = positions.filter { $0.absence(from: extent) == nil }
        planes = self.positions.map { _ in [:] }
    }

    /// Whether a slice that counts crosses one of the positions.
    func areCrossed(by other: SlicePosition) -> Bool {
        !replaced.contains(other) && positions.contains { $0.axis != other.axis }
    }

    /// Whether no slice was put in that is annotated.
    var areEmpty: Bool { planes.allSatisfy(\.isEmpty) }

    /// Puts in what a slice says now, in place of what it said before.
    ///
    /// `line` gives its labels where it crosses another slice; `nil` if it is not annotated.
    mutating func put(_ other: SlicePosition, revision: Int64, line: ((SlicePosition) -> [UInt8])?) {
        known[other] = revision
        for (place, mine) in positions.enumerated() {
            guard let target = mine.line(with: other, in: extent) else { continue }
            if let line {
                let voxels = mine.voxels(in: extent)
                Self.write(
                    line(mine), to: target,
                    of: &planes[place][
                        other.axis, default: [UInt8](repeating: AnnotatedSlice.unlabeled, count: voxels)])
            } else if planes[place][other.axis] != nil {
                let nothing = [UInt8](repeating: AnnotatedSlice.unlabeled, count: target.count)
                Self.write(nothing, to: target, of: &planes[place][other.axis, default: []])
            }
        }
    }

    /// The labelled voxels of a slice at one of the positions that differ from a label of a slice that crosses it.
    func conflicts(of slice: AnnotatedSlice) -> Int {
        guard let place = positions.firstIndex(of: slice.position) else { return 0 }
        let planes = Array(planes[place].values)
        guard let first = planes.first, let last = planes.last, first.count == slice.values.count else { return 0 }
        let none = AnnotatedSlice.unlabeled
        return slice.values.withUnsafeBufferPointer { values in
            first.withUnsafeBufferPointer { first in
                last.withUnsafeBufferPointer { last in
                    var count = 0
                    for place in values.indices {
                        let (value, one, other) = (values[place], first[place], last[place])
                        let differs = (one != none && one != value) || (other != none && other != value)
                        if value != none, differs { count += 1 }
                    }
                    return count
                }
            }
        }
    }

    private static func write(_ labels: [UInt8], to line: PlaneLine, of plane: inout [UInt8]) {
        precondition(labels.count == line.count && line.start + (line.count - 1) * line.step < plane.count)
        plane.withUnsafeMutableBufferPointer { plane in
            labels.withUnsafeBufferPointer { labels in
                for number in 0..<line.count { plane[line.start + number * line.step] = labels[number] }
            }
        }
    }
}
