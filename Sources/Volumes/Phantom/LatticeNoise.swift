/// Smooth random numbers from -1 to 1, interpolated between the points of a coarse lattice (value noise).
struct LatticeNoise {
    private let lattice: [Float]
    private let counts: Extent
    /// Voxels from one lattice point to the next.
    private let cell: Point

    init(extent: Extent, cell: Point, using random: inout Random) {
        self.cell = cell
        counts = Extent(
            z: Int(Double(extent.z) / cell.z) + 2, y: Int(Double(extent.y) / cell.y) + 2,
            x: Int(Double(extent.x) / cell.x) + 2)
        lattice = (0..<counts.voxels).map { _ in Float.random(in: -1...1, using: &random) }
    }

    /// The numbers of a row of voxels along x.
    func row(z: Int, y: Int, into values: inout [Float]) {
        let (z0, fz) = Self.split(Double(z) / cell.z)
        let (y0, fy) = Self.split(Double(y) / cell.y)
        let coarse = (0..<counts.x).map { x in
            let at = { (z: Int, y: Int) in lattice[(z * counts.y + y) * counts.x + x] }
            let near = at(z0, y0) + (at(z0, y0 + 1) - at(z0, y0)) * fy
            let far = at(z0 + 1, y0) + (at(z0 + 1, y0 + 1) - at(z0 + 1, y0)) * fy
            return near + (far - near) * fz
        }
        let scale = Float(1 / cell.x)
        for x in values.indices {
            let position = Float(x) * scale
            let index = min(Int(position), counts.x - 2)
            let share = position - Float(index)
            let eased = share * share * (3 - 2 * share)
            values[x] = coarse[index] + (coarse[index + 1] - coarse[index]) * eased
        }
    }

    /// The index of the lattice point below and the smoothed weight of the one above.
    private static func split(_ position: Double) -> (Int, Float) {
        let share = Float(position - position.rounded(.down))
        return (Int(position), share * share * (3 - 2 * share))
    }
}
