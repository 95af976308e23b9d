/// The phantom's tissue, voxel by voxel, before `Microscope` makes pictures of it.
struct Tissue {
    let extent: Extent
    let anisotropy: Double
    /// The distance from the centre line of the nearest tubule, 1 at its outer surface; large if none is near.
    private(set) var depth: [Float]
    /// The same distance for the second nearest tubule.
    private var second: [Float]
    /// The number of the nearest tubule; -1 if none is near.
    private(set) var owner: [Int32]
    /// How much a voxel belongs to a nucleus, 0 to 1.
    private(set) var nuclei: [Float]
    /// Class indices, in the order of `Phantom.classes`.
    private(set) var classes: [UInt8]

    init(
        _ tubules: [Tubule], extent: Extent, anisotropy: Double, radius: Double, using random: inout Random
    ) {
        self.extent = extent
        self.anisotropy = anisotropy
        depth = [Float](repeating: 9, count: extent.voxels)
        second = depth
        owner = [Int32](repeating: -1, count: extent.voxels)
        nuclei = [Float](repeating: 0, count: extent.voxels)
        classes = []
        for (number, tubule) in tubules.enumerated() {
            for point in tubule.middle { stamp(point, radius: tubule.radius, number: Int32(number)) }
        }
        roughen(radius: radius, using: &random)
        classify(tubules)
        placeNuclei(tubules, radius: radius, using: &random)
    }

    /// The indices along an axis of the voxels that a ball may touch.
    private func range(_ middle: Double, _ radius: Double, _ scale: Double, _ count: Int) -> Range<Int> {
        let low = max(Int(((middle - radius) / scale).rounded(.up)), 0)
        let high = min(Int(((middle + radius) / scale).rounded(.down)), count - 1)
        return low..<max(high + 1, low)
    }

    private mutating func stamp(_ point: Point, radius: Double, number: Int32) {
        let reach = radius * 1.25
        let scale = Float(1 / radius)
        let xs = range(point.x, reach, 1, extent.x)
        for z in range(point.z, reach, anisotropy, extent.z) {
            for y in range(point.y, reach, 1, extent.y) {
                let (dz, dy) = (Double(z) * anisotropy - point.z, Double(y) - point.y)
                let across = Float(dz * dz + dy * dy)
                let row = (z * extent.y + y) * extent.x
                for x in xs {
                    let dx = Float(x) - Float(point.x)
                    let distance = (across + dx * dx).squareRoot() * scale
                    let index = row + x
                    if owner[index] == number {
                        depth[index] = min(depth[index], distance)
                    } else if distance < depth[index] {
                        second[index] = depth[index]
                        depth[index] = distance
                        owner[index] = number
                    } else {
                        second[index] = min(second[index], distance)
                    }
                }
            }
        }
    }

    /// Makes the round tubules a little irregular.
    private mutating func roughen(radius: Double, using random: inout Random) {
        let cell = radius * 0.7
        let noise = LatticeNoise(
            extent: extent, cell: Point(z: max(cell / anisotropy, 1), y: cell, x: cell), using: &random)
        var row = [Float](repeating: 0, count: extent.x)
        for z in 0..<extent.z {
            for y in 0..<extent.y {
                noise.row(z: z, y: y, into: &row)
                let start = (z * extent.y + y) * extent.x
                for x in row.indices { depth[start + x] += 0.11 * row[x] }
            }
        }
    }

    private mutating func classify(_ tubules: [Tubule]) {
        classes = (0..<extent.voxels).map { index in
            guard depth[index] < 1, owner[index] >= 0, second[index] - depth[index] > 0.05 else { return 2 }
            return depth[index] < Float(tubules[Int(owner[index])].lumen) ? 0 : 1
        }
    }

    /// Places round nuclei in the walls of the tubules and slender ones in the stroma.
    private mutating func placeNuclei(_ tubules: [Tubule], radius: Double, using random: inout Random) {
        let size = max(radius * 0.2, 1.4)
        for tubule in tubules {
            for position in stride(from: 1, to: tubule.middle.count, by: 3) {
                let along = tubule.middle[position] - tubule.middle[position - 1]
                for _ in 0..<3 {
                    let out = along.cross(Point.direction(using: &random)).unit
                    let foot = (1 + 2 * tubule.lumen) / 3 + Double.random(in: 0...0.1, using: &random)
                    let jitter = Double.random(in: 0.85...1.15, using: &random)
                    stampNucleus(
                        tubule.middle[position] + out * (tubule.radius * foot),
                        radii: Point(z: size, y: size, x: size) * jitter, in: 1,
                        bright: Float.random(in: 0.5...1, using: &random))
                }
            }
        }
        let space = Double(extent.voxels) * anisotropy
        for _ in 0..<Int(space / (90 * size * size * size)) {
            let position = Point(
                z: .random(in: 0..<Double(extent.z) * anisotropy, using: &random),
                y: .random(in: 0..<Double(extent.y), using: &random),
                x: .random(in: 0..<Double(extent.x), using: &random))
            let slender = Double.random(in: 0.5...1.3, using: &random)
            stampNucleus(
                position, radii: Point(z: size, y: size * slender, x: size / slender), in: 2,
                bright: Float.random(in: 0.5...1, using: &random))
        }
    }

    /// Draws an ellipsoid into the voxels of class `kind`, if its centre is in one.
    private mutating func stampNucleus(_ point: Point, radii: Point, in kind: UInt8, bright: Float) {
        let home = Voxel(z: Int(point.z / anisotropy), y: Int(point.y), x: Int(point.x))
        guard point.z >= 0, point.y >= 0, point.x >= 0, home.z < extent.z, home.y < extent.y, home.x < extent.x,
            classes[(home.z * extent.y + home.y) * extent.x + home.x] == kind
        else { return }
        for z in range(point.z, radii.z, anisotropy, extent.z) {
            for y in range(point.y, radii.y, 1, extent.y) {
                for x in range(point.x, radii.x, 1, extent.x) {
                    let (dz, dy) = ((Double(z) * anisotropy - point.z) / radii.z, (Double(y) - point.y) / radii.y)
                    let dx = (Double(x) - point.x) / radii.x
                    let inside = Float(1 - (dz * dz + dy * dy + dx * dx))
                    let index = (z * extent.y + y) * extent.x + x
                    guard inside > 0, classes[index] == kind else { continue }
                    nuclei[index] = max(nuclei[index], min(inside * 3, 1) * bright)
                }
            }
        }
    }
}
