/// What hangs together of a label: its size and place.
package struct LabelObject: Codable, Hashable, Sendable {
    package private(set) var voxels = 0
    /// The box around it.
    package private(set) var box: Box
    /// Sums of its voxels' indices.
    private var z = 0
    private var y = 0
    private var x = 0

    /// The mean of its voxels' indices on an axis.
    package func center(_ axis: Axis) -> Double {
        let sum =
            switch axis {
            case .z: z
            case .y: y
            case .x: x
            }
        return Double(sum) / Double(voxels)
    }

    /// Whether it touches the volume's border, and so may be a part of something larger.
    package func isCut(by volume: Extent) -> Bool {
        Axis.allCases.contains { box.range($0).lowerBound == 0 || box.range($0).upperBound == volume[$0] }
    }

    /// A run of voxels along x.
    init(z: Int, y: Int, x run: Range<Int>) {
        box = Box(origin: Voxel(z: z, y: y, x: run.lowerBound), extent: Extent(z: 1, y: 1, x: run.count))
        voxels = run.count
        self.z = z * run.count
        self.y = y * run.count
        x = (run.lowerBound + run.upperBound - 1) * run.count / 2
    }

    /// Takes in what turned out to be a part of it.
    mutating func add(_ other: LabelObject) {
        voxels += other.voxels
        z += other.z
        y += other.y
        x += other.x
        for axis in Axis.allCases {
            let (own, added) = (box.range(axis), other.box.range(axis))
            box.origin[axis] = min(own.lowerBound, added.lowerBound)
            box.extent[axis] = max(own.upperBound, added.upperBound) - box.origin[axis]
        }
    }
}
