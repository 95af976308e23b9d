/// What one operation of a plan took in one run.
package struct OperationTime: Sendable {
    /// The layer that it serves, "decoder.0.conv1".
    package let layer: String
    /// What it does, "convolution backward data".
    package let kind: String
    /// How, "winograd 4×4×4"; nil where there is one way only.
    package let algorithm: String?
    /// Multiplications and additions that the direct way would take; 0 where that means nothing.
    package let arithmetic: Int
    package let seconds: Double
}
