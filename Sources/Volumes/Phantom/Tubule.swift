/// A tube along a curve, with its size and stains.
struct Tubule: Sendable {
    /// Points of the centre line, an eighth of the radius apart.
    var middle: [Point] = []
    /// Outer radius.
    var radius: Double
    /// The radius of the lumen as a fraction of the outer radius.
    var lumen: Double
    /// The brightness of its cells in each of the three stains, around 1.
    var stains: [Double]
}
