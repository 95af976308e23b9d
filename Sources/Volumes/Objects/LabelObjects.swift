/// The objects of a label, its voxels that share faces, the largest first.
///
/// The memory goes with the runs of the label in the volume's rows and with the objects, not with the voxels.
package struct LabelObjects: Sendable {
    package let objects: [LabelObject]
    private let runs: LabelRuns
    /// The place of each object in the list, from 1; 0 if it is left out.
    private let places: [Int32]

    /// The objects of `label` with at least `least` voxels, of a source with one channel of uint8.
    ///
    /// Throws `unsupported` if there are more than `most`, or far more smaller ones than the memory holds.
    package init(of label: UInt8, in source: any VoxelSource, least: Int = 1, most: Int = 100_000) throws {
        let runs = try LabelRuns(of: label, in: source)
        var all = [LabelObject?](repeating: nil, count: runs.count)
        var next = 0
        try runs.forEachRow { z, y, row in
            for range in row {
                let (object, part) = (Int(runs.objects[next]), LabelObject(z: z, y: y, x: range))
                if all[object]?.add(part) == nil { all[object] = part }
                next += 1
            }
        }
        let kept = all.indices.filter { (all[$0]?.voxels ?? 0) >= least }
        guard kept.count <= most else {
            throw VolumeError.unsupported(
                "there are more than \(most) objects of at least \(least) voxels; ask for larger ones only, with "
                    + "min-voxels")
        }
        // Those of the same size as their first voxels come.
        let sorted = kept.sorted { ((all[$1]?.voxels ?? 0), $0) < ((all[$0]?.voxels ?? 0), $1) }
        objects = sorted.compactMap { all[$0] }
        var places = [Int32](repeating: 0, count: runs.count)
        for (place, object) in sorted.enumerated() { places[object] = Int32(place + 1) }
        self.places = places
        self.runs = runs
    }
}

extension LabelObjects: VoxelSource {
    /// The volume whose voxels say which object they belong to, by its place in the list from 1, and are 0 elsewhere.
    package var header: VolumeHeader {
        runs.source.header.with(element: objects.count <= Int(UInt16.max) ? .uint16 : .uint32)
    }

    package func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        if header.element == .uint16 {
            try write(box, to: bytes.bindMemory(to: UInt16.self))
        } else {
            try write(box, to: bytes.bindMemory(to: UInt32.self))
        }
    }

    private func write<Value: FixedWidthInteger>(_ box: Box, to values: UnsafeMutableBufferPointer<Value>) throws {
        values.update(repeating: 0)
        let extent = runs.source.header.extent
        // Runs have numbers from the beginning of their rows.
        var rows = box
        rows.origin.x = 0
        rows.extent.x = extent.x
        let labels = try runs.source.raw(rows)
        for row in 0..<rows.extent.z * rows.extent.y {
            let (z, y) = row.quotientAndRemainder(dividingBy: rows.extent.y)
            let first = Int(runs.starts[(box.origin.z + z) * extent.y + box.origin.y + y])
            let found = LabelRuns.runs(of: runs.label, in: labels[row * extent.x..<(row + 1) * extent.x])
            for (run, range) in found.enumerated() {
                let place = Value(truncatingIfNeeded: places[Int(runs.objects[first + run])])
                for x in range.clamped(to: box.range(.x)) { values[row * box.extent.x + x - box.origin.x] = place }
            }
        }
    }
}
