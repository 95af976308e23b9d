/// What a training had reached at a step.
package struct CurvePointRecord: Codable, Hashable, Sendable {
    package var step: Int
    package var seconds: Double
    /// `nil` where it was no finite number.
    package var loss: Double?
    package var heldOutIoU: Double?

    package init(step: Int, seconds: Double, loss: Double?, heldOutIoU: Double? = nil) {
        self.step = step
        self.seconds = seconds
        self.loss = loss
        self.heldOutIoU = heldOutIoU
    }
}
