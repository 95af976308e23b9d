/// A position or direction in the tissue, in units of a voxel's width in a z plane.
struct Point: Hashable, Sendable {
    var z: Double
    var y: Double
    var x: Double

    static func + (a: Point, b: Point) -> Point { Point(z: a.z + b.z, y: a.y + b.y, x: a.x + b.x) }
    static func - (a: Point, b: Point) -> Point { Point(z: a.z - b.z, y: a.y - b.y, x: a.x - b.x) }
    static func * (a: Point, scale: Double) -> Point { Point(z: a.z * scale, y: a.y * scale, x: a.x * scale) }

    var squaredLength: Double { z * z + y * y + x * x }
    /// The vector scaled to length 1; zero stays zero.
    var unit: Point { self * (1 / max(squaredLength.squareRoot(), 1e-12)) }

    func cross(_ other: Point) -> Point {
        Point(z: x * other.y - y * other.x, y: z * other.x - x * other.z, x: y * other.z - z * other.y)
    }

    /// A random direction, all equally likely.
    static func direction(using random: inout Random) -> Point {
        Point(z: random.normal(), y: random.normal(), x: random.normal()).unit
    }
}
