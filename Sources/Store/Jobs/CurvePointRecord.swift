/// A point of a training's learning curve.
package struct CurvePointRecord: Codable, Hashable, Sendable {
    package var step: Int
    package var seconds: Double
    /// `nil` if it was not finite.
    package var loss: Double?
    package var heldOutIoU: Double?

    package init(step: Int, seconds: Double, loss: Double?, heldOutIoU: Double? = nil) {
        self.step = step
        self.seconds = seconds
        self.loss = loss
        self.heldOutIoU = heldOutIoU
    }
}
