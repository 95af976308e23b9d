/// How the voxels of a file lie on another grid at the same place of the world: its axes in another order, or running
/// the other way.
struct GridAlignment: Hashable {
    struct Step: Hashable {
        /// The axis of the file that runs along an axis of the grid.
        var axis: Axis
        var isReversed: Bool
    }

    /// For z, y and x of the grid.
    var steps: [Step]

    /// Farther than this many voxels from where it should be, a voxel is another one; headers of single precision and
    /// quaternions that different programs wrote of one grid differ by a fiftieth.
    private static let tolerance = 0.25

    /// `nil` if the voxels of the two are not at the same places, each at one of the other's.
    ///
    /// Numbers are compared as they stand, and with the units of both; a file without a unit means millimeters, as ITK
    /// writes them.
    init?(of file: VolumeHeader, on grid: VolumeHeader) {
        let units = [file, grid].map { $0.spacing.unit.flatMap(LengthUnit.init(named:)) ?? .millimeter }
        let scales = [1, units[0].count(in: units[1])]
        for scale in scales {
            for steps in Self.candidates where Self.fits(steps, file, grid, scale: scale) {
                self.steps = steps
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

    private static func fits(_ steps: [Step], _ file: VolumeHeader, _ grid: VolumeHeader, scale: Double) -> Bool {
        let sizes = zip(Axis.allCases, steps).map { (grid.extent[$0], file.extent[$1.axis]) }
        guard sizes.allSatisfy({ $0 == $1 }) else { return false }
        let lengths = Axis.allCases.filter { grid.extent[$0] > 1 }.map { grid.place.step($0) }
        let voxel = lengths.min() ?? grid.spacing[.x]
        // A grid is known by its corners.
        for corner in 0..<8 {
            var (here, there) = (Voxel.zero, Voxel.zero)
            for (number, (axis, step)) in zip(Axis.allCases, steps).enumerated() {
                let last = grid.extent[axis] - 1
                here[axis] = corner & (1 << number) == 0 ? 0 : last
                there[step.axis] = step.isReversed ? last - here[axis] : here[axis]
            }
            let (wanted, found) = (grid.place.position(of: here), file.place.position(of: there))
            for row in 0..<3 where !(abs(wanted[row] - found[row] * scale) <= tolerance * voxel) { return false }
        }
        return true
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
}
