/// Chooses planes for labelled voxels that lie in no annotated one: few of them, on whatever axes.
///
/// Again and again the plane with the most such voxels is taken, with all others on its axis that have more than any
/// plane on another axis. Should that go on too long, what is left goes along the axis that needs the fewest planes.
struct NewPlanes {
    /// Passes over the volume.
    private static let mostRounds = 16

    private let wanted: any VoxelSource
    private var covered: PlaneSet
    private(set) var chosen: [SlicePosition] = []

    /// `counts` are the voxels in no plane of `annotated`, by axis (z, y, x) and index.
    init(for wanted: any VoxelSource, annotated: PlaneSet, counts: [[Int]]) throws {
        self.wanted = wanted
        covered = annotated
        var counts = counts
        var round = 0
        while counts[0].contains(where: { $0 > 0 }) {
            let axis = round < Self.mostRounds ? Self.largest(counts) : Self.fewest(counts)
            let others = Axis.allCases.filter { $0 != axis }.flatMap { counts[$0.place] }
            let least = round < Self.mostRounds ? max(others.max() ?? 1, 1) : 1
            let planes = counts[axis.place].indices.filter { counts[axis.place][$0] >= least }
            for index in planes {
                covered.insert(SlicePosition(axis, index))
                chosen.append(SlicePosition(axis, index))
            }
            let isDone = planes.count == counts[axis.place].count { $0 > 0 }
            if isDone { break }
            counts = try uncovered()
            round += 1
        }
    }

    /// The axis with the fullest plane; z before y before x.
    private static func largest(_ counts: [[Int]]) -> Axis {
        let most = counts.map { $0.max() ?? 0 }
        return Axis.allCases.first { most[$0.place] == most.max() } ?? .z
    }

    private static func fewest(_ counts: [[Int]]) -> Axis {
        let planes = counts.map { $0.count { $0 > 0 } }
        return Axis.allCases.first { planes[$0.place] == planes.min() } ?? .z
    }

    private func uncovered() throws -> [[Int]] {
        let extent = wanted.header.extent
        var counts = Axis.allCases.map { [Int](repeating: 0, count: extent[$0]) }
        let (rows, columns) = (covered.flags[1], covered.flags[2])
        for box in LabelRevisions.slabs(of: wanted) {
            let labels = try wanted.labels(box)
            var start = 0
            for z in box.range(.z) {
                for y in box.range(.y) {
                    defer { start += box.extent.x }
                    guard !covered.flags[0][z], !rows[y] else { continue }
                    for x in box.range(.x)
                    where labels[start + x - box.origin.x] != AnnotatedSlice.unlabeled && !columns[x] {
                        counts[0][z] += 1
                        counts[1][y] += 1
                        counts[2][x] += 1
                    }
                }
            }
        }
        return counts
    }
}
