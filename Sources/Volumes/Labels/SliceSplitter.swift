/// Splits a sparse label volume into annotated slices.
///
/// Every plane of any axis without an unlabeled voxel is a slice; of a fully labelled volume only the z planes are.
/// Labelled voxels in no such plane go into partly labelled z slices, which hold no others. Merging the slices with
/// `SparseLabels` gives the same volume, voxel by voxel.
package struct SliceSplitter {
    private let source: any VoxelSource
    private let extent: Extent
    /// Small boxes in voxel order, since the source's own values may be eight times as large.
    private let slabs: [Box]
    /// By axis (z, y, x) and index, whether a plane has no unlabeled voxel.
    private var full: [[Bool]] = []
    /// The z planes with labelled voxels in no full plane.
    private var partial: [Bool] = []

    /// All slices: full ones on z, y and x, then the partly labelled ones.
    package static func slices(of source: any VoxelSource) throws -> [AnnotatedSlice] {
        var slices: [AnnotatedSlice] = []
        try split(source, budget: .max) { slices.append($0) }
        return slices
    }

    /// Passes the slices of a `uint8` source with one channel to `take`, in the same order.
    ///
    /// Memory holds a plane, 8 MiB of the source (or `budget` bytes if that is less) and `budget` bytes of y and x
    /// slices; the source is read once more for every `budget` bytes of y and x slices.
    package static func split(
        _ source: any VoxelSource, budget: Int = 64 << 20, take: (AnnotatedSlice) throws -> Void
    ) throws {
        var splitter = SliceSplitter(source, budget)
        try splitter.count()
        try splitter.takeFull(take)
        try splitter.takeAcross(budget, take)
        try splitter.takePartial(take)
    }

    private init(_ source: any VoxelSource, _ budget: Int) {
        self.source = source
        extent = source.header.extent
        slabs = source.header.slabs(bytes: min(budget, 8 << 20))
    }

    private mutating func count() throws {
        var labelled = Axis.allCases.map { [Int](repeating: 0, count: extent[$0]) }
        for box in slabs {
            let labels = try source.labels(box)
            let columns = box.range(.x)
            var index = 0
            for z in box.range(.z) {
                for y in box.range(.y) {
                    for x in columns {
                        let one = labels[index] == AnnotatedSlice.unlabeled ? 0 : 1
                        labelled[0][z] += one
                        labelled[1][y] += one
                        labelled[2][x] += one
                        index += 1
                    }
                }
            }
        }
        full = zip(Axis.allCases, labelled).map { axis, counts in
            let plane = extent.slice(on: axis)
            return counts.map { $0 == plane.rows * plane.columns }
        }
        if full[0].allSatisfy(\.self) {
            full[1] = [Bool](repeating: false, count: extent.y)
            full[2] = [Bool](repeating: false, count: extent.x)
        }
        let (fullY, fullX) = (full[1].count { $0 }, full[2].count { $0 })
        // The number of voxels of a z plane that lie in full planes on y and x.
        let covered = fullY * extent.x + fullX * extent.y - fullY * fullX
        partial = zip(labelled[0], full[0]).map { $0 > covered && !$1 }
    }

    private func takeFull(_ take: (AnnotatedSlice) throws -> Void) throws {
        for z in 0..<extent.z where full[0][z] {
            try take(source.slice(at: SlicePosition(.z, z)))
        }
    }

    /// The full planes on y and x, which lie across the slabs.
    private func takeAcross(_ budget: Int, _ take: (AnnotatedSlice) throws -> Void) throws {
        let planes = zip([Axis.y, .x], full[1...]).flatMap { axis, full in
            full.indices.filter { full[$0] }.map { SlicePosition(axis, $0) }
        }
        var rest = planes[...]
        while !rest.isEmpty {
            var room = budget
            let group = rest.prefix { plane in
                defer { room -= plane.voxels(in: extent) }
                return room > 0
            }
            for slice in try slices(group) { try take(slice) }
            rest = rest.dropFirst(group.count)
        }
    }

    private func slices(_ planes: ArraySlice<SlicePosition>) throws -> [AnnotatedSlice] {
        var slices = planes.map { AnnotatedSlice(at: $0, values: []) }
        for box in slabs {
            let labels = try source.labels(box)
            let (rows, columns) = (box.extent.y, box.extent.x)
            for place in slices.indices {
                let axis = slices[place].axis
                guard box.range(axis).contains(slices[place].index) else { continue }
                let index = slices[place].index - box.origin[axis]
                for start in stride(from: 0, to: labels.count, by: rows * columns) {
                    if axis == .y {
                        let row = start + index * columns
                        slices[place].values += labels[row..<row + columns]
                    } else {
                        slices[place].values += (0..<rows).map { labels[start + $0 * columns + index] }
                    }
                }
            }
        }
        return slices
    }

    /// The labelled voxels of the other z planes that lie in no full plane on y or x.
    private func takePartial(_ take: (AnnotatedSlice) throws -> Void) throws {
        for z in 0..<extent.z where partial[z] {
            var left = try source.slice(at: SlicePosition(.z, z))
            for y in 0..<extent.y {
                for x in 0..<extent.x where full[1][y] || full[2][x] {
                    left.values[y * extent.x + x] = AnnotatedSlice.unlabeled
                }
            }
            try take(left)
        }
    }
}
