/// A tube along a curve, and what sets it apart from its neighbours.
struct Tubule: Sendable {
    /// Along the middle, about an eighth of the radius apart.
    var middle: [Point] = []
    /// Outer radius.
    var radius: Double
    /// The lumen's share of the radius.
    var lumen: Double
    /// How much of each of the three stains its cells take up, around 1.
    var stains: [Double]
}
