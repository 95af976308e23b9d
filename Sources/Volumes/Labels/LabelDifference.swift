/// How many voxels differ between the merged annotations of a volume and a label volume, and in which planes.
package struct LabelDifference: Sendable {
    /// Voxels that get a label, get another one, and lose theirs.
    package private(set) var labelled = 0
    package private(set) var relabelled = 0
    package private(set) var erased = 0
    /// The annotated planes with a voxel that differs.
    private(set) var touched: PlaneSet
    /// Voxels that get a label and lie in no annotated plane, by axis (z, y, x) and index.
    private(set) var uncovered: [[Int]]

    package var isEmpty: Bool { labelled + relabelled + erased == 0 }

    /// Compares two `uint8` sources slab by slab; `annotated` are the planes of the slices that `current` merges.
    init(from current: any VoxelSource, to wanted: any VoxelSource, annotated: PlaneSet) throws {
        let extent = wanted.header.extent
        touched = PlaneSet(of: extent)
        uncovered = Axis.allCases.map { [Int](repeating: 0, count: extent[$0]) }
        for box in LabelRevisions.slabs(of: wanted) {
            let (old, new) = (try current.labels(box), try wanted.labels(box))
            guard old != new else { continue }
            note(box, old, new, annotated)
        }
    }

    private mutating func note(_ box: Box, _ old: [UInt8], _ new: [UInt8], _ annotated: PlaneSet) {
        var index = 0
        for z in box.range(.z) {
            for y in box.range(.y) {
                for x in box.range(.x) {
                    defer { index += 1 }
                    let (before, after) = (old[index], new[index])
                    guard before != after else { continue }
                    if before == AnnotatedSlice.unlabeled {
                        labelled += 1
                    } else if after == AnnotatedSlice.unlabeled {
                        erased += 1
                    } else {
                        relabelled += 1
                    }
                    var isCovered = false
                    for position in [SlicePosition(.z, z), SlicePosition(.y, y), SlicePosition(.x, x)]
                    where annotated.contains(position) {
                        touched.insert(position)
                        isCovered = true
                    }
                    guard !isCovered else { continue }
                    uncovered[0][z] += 1
                    uncovered[1][y] += 1
                    uncovered[2][x] += 1
                }
            }
        }
    }
}
