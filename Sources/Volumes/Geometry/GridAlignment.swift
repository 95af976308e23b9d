/// How the voxels of a file lie on another grid, or on a part of it, at the same place of the world: its axes in another
/// order, or running the other way.
struct GridAlignment: Hashable {
    struct Step: Hashable {
        /// The axis of the file that runs along an axis of the grid.
        var axis: Axis
        var isReversed: Bool
    }

    /// For z, y and x of the grid.
    var steps: [Step]
    /// The voxels of the grid that the file has.
    var part: Box

    /// Farther than this many voxels from where it should be, a voxel is another one; headers of single precision and
    /// quaternions that different programs wrote of one grid differ by a fiftieth.
    private static let tolerance = 0.25

    init(steps: [Step], part: Box) { (self.steps, self.part) = (steps, part) }

    /// `nil` if the file's voxels are not at places of the grid's, each at one of them.
    ///
    /// Numbers are compared as they stand, and with the units of both; a file without a unit means millimeters, as ITK
    /// writes them.
    init?(of file: VolumeHeader, on grid: VolumeHeader) {
        let units = [file, grid].map { $0.spacing.unit.flatMap(LengthUnit.init(named:)) ?? .millimeter }
        let scales = [1, units[0].count(in: units[1])]
        for scale in scales {
            for steps in Self.candidates {
                guard let part = Self.part(steps, file, grid, scale: scale) else { continue }
                (self.steps, self.part) = (steps, part)
                return
            }
        }
        return nil
    }

    /// Whether the voxels are in the same order already.
    var isIdentity: Bool { steps == Axis.allCases.map { Step(axis: $0, isReversed: false) } }

    /// Every order of the axes with every choice of directions; the first is the identity.
    private static let candidates: [[Step]] = {
        let orders: [[Axis]] = [
            [.z, .y, .x], [.z, .x, .y], [.y, .z, .x], [.y, .x, .z], [.x, .z, .y], [.x, .y, .z],
        ]
        return orders.flatMap { order in
            (0..<8).map { bits in
                order.enumerated().map { Step(axis: $0.element, isReversed: bits & (1 << $0.offset) != 0) }
            }
        }
    }()

    /// The voxels of the grid where those of the file are; `nil` if they are elsewhere or between them.
    private static func part(
        _ steps: [Step], _ file: VolumeHeader, _ grid: VolumeHeader, scale: Double
    ) -> Box? {
        var part = Box(extent: grid.extent)
        for (axis, step) in zip(Axis.allCases, steps) { part.extent[axis] = file.extent[step.axis] }
        guard Box(extent: grid.extent).contains(part) else { return nil }
        /// Where the file says that a corner of the part is.
        let position = { (corner: Int) in
            var voxel = Voxel.zero
            for (number, step) in steps.enumerated() {
                let isLast = corner & (1 << number) != 0
                voxel[step.axis] = isLast != step.isReversed ? file.extent[step.axis] - 1 : 0
            }
            return file.place.position(of: voxel).map { $0 * scale }
        }
        if part.extent != grid.extent {
            guard let first = grid.place.voxel(at: position(0)) else { return nil }
            for axis in Axis.allCases where part.extent[axis] < grid.extent[axis] { part.origin[axis] = first[axis] }
            guard Box(extent: grid.extent).contains(part) else { return nil }
        }
        let lengths = Axis.allCases.filter { grid.extent[$0] > 1 }.map { grid.place.step($0) }
        let voxel = lengths.min() ?? grid.spacing[.x]
        // A grid is known by its corners.
        for corner in 0..<8 {
            var here = part.origin
            for (number, axis) in Axis.allCases.enumerated() where corner & (1 << number) != 0 {
                here[axis] += part.extent[axis] - 1
            }
            let (wanted, found) = (grid.place.position(of: here), position(corner))
            for row in 0..<3 where !(abs(wanted[row] - found[row]) <= tolerance * voxel) { return nil }
        }
        return part
    }
}

extension Orientation {
    /// The coordinates (x, y, z) of a voxel's centre.
    func position(of voxel: Voxel) -> [Double] {
        (0..<3).map { row in
            let numbers = affine[row * 4..<row * 4 + 4].map(\.self)
            return numbers[0] * Double(voxel.x) + numbers[1] * Double(voxel.y) + numbers[2] * Double(voxel.z)
                + numbers[3]
        }
    }

    /// The voxel whose centre is nearest to a place; `nil` if the axes span no space or it is too far away.
    func voxel(at position: [Double]) -> Voxel? {
        let column = { (column: Int) in (0..<3).map { affine[$0 * 4 + column] } }
        let (x, y, z) = (column(0), column(1), column(2))
        let volume = Self.determinant(x, y, z)
        guard volume.isNormal else { return nil }
        let way = (0..<3).map { position[$0] - affine[$0 * 4 + 3] }
        // Cramer's rule.
        let indices = [Self.determinant(way, y, z), Self.determinant(x, way, z), Self.determinant(x, y, way)].map {
            Int(exactly: ($0 / volume).rounded())
        }
        guard let x = indices[0], let y = indices[1], let z = indices[2] else { return nil }
        return Voxel(z: z, y: y, x: x)
    }

    private static func determinant(_ a: [Double], _ b: [Double], _ c: [Double]) -> Double {
        a[0] * (b[1] * c[2] - b[2] * c[1]) - b[0] * (a[1] * c[2] - a[2] * c[1]) + c[0] * (a[1] * b[2] - a[2] * b[1])
    }
}
