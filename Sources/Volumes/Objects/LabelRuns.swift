/// Runs of a label in the rows of a volume, numbered in order, each with the object that it belongs to.
///
/// Objects are found in one way through the rows, by union and find (Hoshen and Kopelman, Phys. Rev. B 14, 3438, 1976): runs of
/// neighbouring rows and planes that share a face belong together.
struct LabelRuns: Sendable {
    let label: UInt8
    let source: any VoxelSource
    /// The first run of each row, z·Y + y.
    private(set) var starts: [Int32] = []
    /// Of each run a run before it in the same object, or itself; at last the number of its object.
    private(set) var objects: [Int32] = []
    /// How many objects there are.
    private(set) var count = 0

    /// Runs in memory, some 300 MB.
    private static let mostRuns = 64 << 20
    /// Objects of any size, whose measures take some 400 MB.
    private static let mostObjects = 4 << 20

    /// Throws `unsupported` if the label is too scattered.
    init(of label: UInt8, in source: any VoxelSource) throws {
        self.label = label
        self.source = source
        let rows = source.header.extent.y
        var before = [[Range<Int>]](repeating: [], count: rows)
        try Self.forEachRow(of: label, in: source) { z, y, runs in
            guard objects.count + runs.count <= Self.mostRuns else { throw Self.isScattered }
            let first = objects.count
            starts.append(Int32(first))
            for run in 0..<runs.count { objects.append(Int32(first + run)) }
            if z > 0 { join(runs, first, before[y], Int(starts[(z - 1) * rows + y])) }
            if y > 0 { join(runs, first, before[y - 1], Int(starts[z * rows + y - 1])) }
            before[y] = runs
        }
        for run in objects.indices {
            let other = Int(objects[run])
            if other == run {
                objects[run] = Int32(count)
                count += 1
            } else {
                objects[run] = objects[other]
            }
        }
        guard count <= Self.mostObjects else { throw Self.isScattered }
    }

    private static let isScattered = VolumeError.unsupported(
        "the class is scattered over the volume in so many parts that they can't be told apart; a model that has learned more "
            + "may find objects")

    /// Joins the runs of two rows where they share a face, each with the number of its first.
    private mutating func join(_ runs: [Range<Int>], _ first: Int, _ others: [Range<Int>], _ firstOther: Int) {
        var (one, other) = (0, 0)
        while one < runs.count, other < others.count {
            if runs[one].overlaps(others[other]) { unite(first + one, firstOther + other) }
            if runs[one].upperBound < others[other].upperBound { one += 1 } else { other += 1 }
        }
    }

    private mutating func unite(_ one: Int, _ other: Int) {
        let (first, second) = (root(of: one), root(of: other))
        // The smaller one leads, so that at last each run comes after the one that it points to.
        objects[max(first, second)] = Int32(min(first, second))
    }

    private mutating func root(of run: Int) -> Int {
        var run = run
        while Int(objects[run]) != run {
            objects[run] = objects[Int(objects[run])]
            run = Int(objects[run])
        }
        return run
    }

    /// Goes through the rows with their runs, the first plane first.
    func forEachRow(_ body: (_ z: Int, _ y: Int, _ runs: [Range<Int>]) throws -> Void) throws {
        try Self.forEachRow(of: label, in: source, body)
    }

    private static func forEachRow(
        of label: UInt8, in source: any VoxelSource,
        _ body: (_ z: Int, _ y: Int, _ runs: [Range<Int>]) throws -> Void
    ) throws {
        // Slabs are whole rows: one that is longer than a slab is longer than any volume's.
        for slab in source.header.slabs(bytes: 16 << 20) {
            let values = try source.raw(slab)
            for row in 0..<slab.extent.z * slab.extent.y {
                let (z, y) = row.quotientAndRemainder(dividingBy: slab.extent.y)
                let runs = runs(of: label, in: values[row * slab.extent.x..<(row + 1) * slab.extent.x])
                try body(slab.origin.z + z, slab.origin.y + y, runs)
            }
        }
    }

    /// The runs of a label in a row.
    static func runs(of label: UInt8, in row: ArraySlice<UInt8>) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        row.withUnsafeBufferPointer { row in
            var x = 0
            while x < row.count {
                guard row[x] == label else {
                    x += 1
                    continue
                }
                let start = x
                while x < row.count, row[x] == label { x += 1 }
                runs.append(start..<x)
            }
        }
        return runs
    }
}
