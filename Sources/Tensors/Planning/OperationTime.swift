/// The time of one operation of a plan in one run.
package struct OperationTime: Sendable {
    /// The layer that it belongs to, such as "decoder.0.conv1".
    package let layer: String
    /// The kind of operation, such as "convolution backward data".
    package let kind: String
    /// The algorithm, such as "winograd 4×4×4"; nil if there is only one.
    package let algorithm: String?
    /// Multiplications and additions by the direct algorithm; 0 if not applicable.
    package let arithmetic: Int
    package let seconds: Double
}
