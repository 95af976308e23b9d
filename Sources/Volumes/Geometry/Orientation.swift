/// Where a volume lies in the world: the 4×4 affine from (x, y, z) voxel indices to coordinates, and the header fields
/// of the source file, kept so that results carry them bit-exactly.
package struct Orientation: Codable, Hashable, Sendable {
    /// Row-major, 16 numbers.
    package var affine: [Double]
    /// The NIfTI-1 or -2 header fields that the affine was computed from, as in the file.
    package var nifti: [String: [Double]]?

    package init(affine: [Double], nifti: [String: [Double]]? = nil) {
        self.affine = affine
        self.nifti = nifti
    }
}

extension Orientation {
    /// What a file without a place means to ITK and the programs built on it: the first voxel at the origin, x to the
    /// left, y to posterior and z to superior.
    init(withoutPlace spacing: Spacing) {
        self.init(affine: [-spacing.x, 0, 0, 0, 0, -spacing.y, 0, 0, 0, 0, spacing.z, 0, 0, 0, 0, 1])
    }

    /// From the steps between neighbours along x, y and z and the position of the first voxel, each in (x, y, z);
    /// `signs` convert the file's coordinates to right, anterior, superior.
    init(steps: [[Double]], origin: [Double], signs: [Double]) {
        var affine = [Double](repeating: 0, count: 16)
        for row in 0..<3 {
            for column in 0..<3 { affine[row * 4 + column] = signs[row] * steps[column][row] }
            affine[row * 4 + 3] = signs[row] * origin[row]
        }
        affine[15] = 1
        self.init(affine: affine.map { $0 == 0 ? 0 : $0 })
    }

    /// Whether the file said so; a NIfTI header without a qform and an sform does not.
    var isPlace: Bool {
        guard affine.count == 16, affine.allSatisfy(\.isFinite) else { return false }
        guard let nifti else { return true }
        return ["qform_code", "sform_code"].contains { nifti[$0]?.first ?? 0 > 0 }
    }

    /// Throws for steps and positions whose products and quotients would leave the range of a double.
    func checkRange() throws(VolumeError) {
        let known = affine.prefix(12)
        if let bad = known.first(where: { !($0.magnitude <= Spacing.range.upperBound) }) {
            throw Spacing.outOfRange("the affine from voxels to coordinates holds \(bad)")
        }
        for axis in Axis.allCases {
            let longest = stride(from: axis.column, to: known.count, by: 4).map { known[$0].magnitude }.max() ?? 0
            guard longest == 0 || longest >= Spacing.range.lowerBound else {
                throw Spacing.outOfRange("the affine's steps along \(axis) are at most \(longest) long")
            }
        }
    }

    /// The distance between neighbours along an axis of the volume.
    func step(_ axis: Axis) -> Double {
        let column = axis.column
        return (0..<3).reduce(0) { $0 + affine[$1 * 4 + column] * affine[$1 * 4 + column] }.squareRoot()
    }

    /// The distance between neighbours along an axis: `spacing` unless the affine says another one than that, for a
    /// float's rounding.
    func length(of axis: Axis, spacing: Spacing) -> Double {
        let step = step(axis)
        return step == 0 || abs(step - spacing[axis]) <= 1e-6 * step ? spacing[axis] : step
    }

    /// The same directions and first voxel with other distances between voxels, without the fields of a file.
    func with(_ spacing: Spacing) -> Orientation {
        var result = Orientation(affine: affine)
        for axis in Axis.allCases where step(axis) > 0 {
            for row in 0..<3 { result.affine[row * 4 + axis.column] *= spacing[axis] / step(axis) }
        }
        return result
    }
}

extension Axis {
    /// The column of an affine, whose indices are x, y, z.
    var column: Int {
        switch self {
        case .x: 0
        case .y: 1
        case .z: 2
        }
    }
}
