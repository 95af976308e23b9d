/// Takes a sparse label volume apart into annotated slices.
///
/// Every plane, on each axis, without an unlabeled voxel is a slice; a volume that is labelled throughout is its
/// z planes alone. Labelled voxels that lie in no such plane go into partly labelled slices on z, which hold nothing
/// else. `SparseLabels` of the slices is the volume again, voxel by voxel.
package struct SliceSplitter {
    private let source: any VoxelSource
    private let extent: Extent
    /// By axis (z, y, x) and index, whether a plane has no unlabeled voxel.
    private var full: [[Bool]] = []
    /// Voxels of all the slices.
    private var size = 0

    /// Splits a source of `uint8` with one channel in two passes, a few planes at a time.
    ///
    /// Fails with `VolumeError.tooLarge` before it takes any if they hold more than `limit` voxels, each a byte.
    package static func slices(of source: any VoxelSource, limit: Int = .max) throws -> [AnnotatedSlice] {
        var splitter = SliceSplitter(source)
        try splitter.count()
        guard splitter.size <= limit else {
            throw VolumeError.tooLarge(
                "the label volume would become slices of \(splitter.size) voxels in all; at most \(limit) are taken at "
                    + "a time: leave some of its slices unlabeled (255), or post slices one by one")
        }
        return try splitter.collect()
    }

    private init(_ source: any VoxelSource) {
        self.source = source
        extent = source.header.extent
    }

    private mutating func count() throws {
        var labelled = Axis.allCases.map { [Int](repeating: 0, count: extent[$0]) }
        for box in source.header.slabs() {
            let labels = try source.labels(box)
            var index = 0
            for z in box.range(.z) {
                for y in 0..<extent.y {
                    for x in 0..<extent.x {
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
        // Of a z plane, what full planes on y and x cover already; a slice on z is taken where there is more, or it is full.
        let covered = fullY * extent.x + fullX * extent.y - fullY * fullX
        let taken = zip(labelled[0], full[0]).count { $0 > covered || $1 }
        size = taken * extent.y * extent.x + fullY * extent.z * extent.x + fullX * extent.z * extent.y
    }

    private func collect() throws -> [AnnotatedSlice] {
        let fullY = full[1].indices.filter { full[1][$0] }
        let fullX = full[2].indices.filter { full[2][$0] }
        var across: [[UInt8]] = Array(repeating: [], count: fullY.count + fullX.count)
        var slices: [AnnotatedSlice] = []
        var rest: [AnnotatedSlice] = []
        for box in source.header.slabs() {
            let labels = try source.labels(box)
            for z in box.range(.z) {
                let start = (z - box.origin.z) * extent.y * extent.x
                let plane = Array(labels[start..<start + extent.y * extent.x])
                for (place, y) in fullY.enumerated() {
                    across[place] += plane[y * extent.x..<(y + 1) * extent.x]
                }
                for (place, x) in fullX.enumerated() {
                    across[fullY.count + place] += (0..<extent.y).map { plane[$0 * extent.x + x] }
                }
                if full[0][z] {
                    slices.append(AnnotatedSlice(axis: .z, index: z, values: plane))
                } else if let left = uncovered(plane) {
                    rest.append(AnnotatedSlice(axis: .z, index: z, values: left))
                }
            }
        }
        for (place, y) in fullY.enumerated() {
            slices.append(AnnotatedSlice(axis: .y, index: y, values: across[place]))
        }
        for (place, x) in fullX.enumerated() {
            slices.append(AnnotatedSlice(axis: .x, index: x, values: across[fullY.count + place]))
        }
        return slices + rest
    }

    /// What of a z plane is labelled but in no full plane on y or x; `nil` if nothing is.
    private func uncovered(_ plane: [UInt8]) -> [UInt8]? {
        var left = plane
        for y in 0..<extent.y {
            for x in 0..<extent.x where full[1][y] || full[2][x] {
                left[y * extent.x + x] = AnnotatedSlice.unlabeled
            }
        }
        return left.contains { $0 != AnnotatedSlice.unlabeled } ? left : nil
    }
}
