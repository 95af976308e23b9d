/// The revisions of annotated slices that turn what these say together into a label volume.
///
/// A voxel that differs is changed in the annotated slices that hold it; only where no annotated slice lies there are
/// new slices, which are planes of the label volume. A slice in which nothing is left is all 255.
package struct LabelRevisions {
    private let current: any VoxelSource
    private let wanted: any VoxelSource
    private let slice: (SlicePosition) throws -> AnnotatedSlice
    private let budget: Int

    /// Passes the revised slices to `take`, then the new ones.
    ///
    /// `current` merges the slices at the positions `annotated`, which `slice` reads; the later one wins. Both sources
    /// are `uint8` with one channel. Memory holds two slabs, a slice and `budget` bytes of slices; the sources are read
    /// once more for every `budget` bytes.
    package static func make(
        from current: any VoxelSource, annotated: [SlicePosition], to wanted: any VoxelSource, budget: Int = 64 << 20,
        slice: (SlicePosition) throws -> AnnotatedSlice, take: (AnnotatedSlice) throws -> Void
    ) throws -> LabelDifference {
        try withoutActuallyEscaping(slice) { slice in
            let planes = PlaneSet(of: wanted.header.extent, annotated)
            let difference = try LabelDifference(from: current, to: wanted, annotated: planes)
            guard !difference.isEmpty else { return difference }
            let new = try NewPlanes(for: wanted, annotated: planes, counts: difference.uncovered)
            let revisions = LabelRevisions(current: current, wanted: wanted, slice: slice, budget: budget)
            try revisions.pass(difference.touched.positions, areNew: false, take)
            try revisions.pass(new.chosen, areNew: true, take)
            return difference
        }
    }

    /// Boxes in voxel order of which several fit in memory.
    static func slabs(of source: any VoxelSource) -> [Box] { source.header.slabs(bytes: 8 << 20) }

    private func pass(
        _ positions: [SlicePosition], areNew: Bool, _ take: (AnnotatedSlice) throws -> Void
    ) throws {
        var rest = positions[...]
        while !rest.isEmpty {
            var room = budget
            let group = rest.prefix { position in
                defer { room -= position.voxels(in: wanted.header.extent) }
                return room > 0
            }
            for slice in try revised(group, areNew: areNew) { try take(slice) }
            rest = rest.dropFirst(group.count)
        }
    }

    /// The slices with the wanted labels; those that are as before are left out.
    private func revised(_ positions: ArraySlice<SlicePosition>, areNew: Bool) throws -> [AnnotatedSlice] {
        let extent = wanted.header.extent
        var slices = try positions.map { position in
            areNew
                ? AnnotatedSlice(
                    at: position,
                    values: [UInt8](repeating: AnnotatedSlice.unlabeled, count: position.voxels(in: extent)))
                : try slice(position)
        }
        var isChanged = [Bool](repeating: false, count: slices.count)
        for box in Self.slabs(of: wanted) {
            let places = slices.indices.filter { box.range(slices[$0].axis).contains(slices[$0].index) }
            guard !places.isEmpty else { continue }
            let (old, new) = (try current.labels(box), try wanted.labels(box))
            for place in places {
                let plane = Box(slice: slices[place].position, of: extent).intersection(box)
                let columns = slices[place].position.plane(in: extent).columns
                for z in plane.range(.z) {
                    for y in plane.range(.y) {
                        for x in plane.range(.x) {
                            let row = (z - box.origin.z) * box.extent.y + y - box.origin.y
                            let index = row * box.extent.x + x - box.origin.x
                            let pixel =
                                switch slices[place].axis {
                                case .z: y * columns + x
                                case .y: z * columns + x
                                case .x: z * columns + y
                                }
                            let before = slices[place].values[pixel]
                            let isHeld = areNew || before != AnnotatedSlice.unlabeled
                            guard isHeld || old[index] == AnnotatedSlice.unlabeled, before != new[index] else {
                                continue
                            }
                            slices[place].values[pixel] = new[index]
                            // A label that another slice's had hidden is no reason for a revision of its own.
                            if old[index] != new[index] { isChanged[place] = true }
                        }
                    }
                }
            }
        }
        return zip(slices, isChanged).filter(\.1).map(\.0)
    }
}
