/// Where a training stands.
package struct TrainingProgress: Codable, Hashable, Sendable {
    /// Steps done.
    package var step: Int
    /// Steps in all: given, or estimated from the pace and the seconds that are left.
    package var steps: Int?
    /// Wall time spent, that before an interruption included.
    package var seconds: Double
    /// Seconds to go.
    package var eta: Double?
    /// Of the last step.
    package var loss: Double
    /// Mean IoU on held-out slices when last measured.
    package var heldOutIoU: Double?
    /// Whether it was measured after this step.
    package var isMeasured = false

    private enum CodingKeys: String, CodingKey {
        case step, steps, seconds, eta, loss
        case heldOutIoU = "heldout_iou"
    }

    package init(step: Int, steps: Int?, seconds: Double, eta: Double?, loss: Double, heldOutIoU: Double?) {
        self.step = step
        self.steps = steps
        self.seconds = seconds
        self.eta = eta
        self.loss = loss
        self.heldOutIoU = heldOutIoU
    }
}
