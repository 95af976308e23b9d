/// The progress of a training.
package struct TrainingProgress: Codable, Hashable, Sendable {
    /// The number of steps done.
    package var step: Int
    /// The total number of steps: given, or estimated from the pace and the remaining seconds.
    package var steps: Int?
    /// Wall time in seconds so far, including the time before an interruption.
    package var seconds: Double
    /// The estimated remaining seconds.
    package var eta: Double?
    /// The loss of the last step.
    package var loss: Double
    /// The last measured mean IoU on held-out slices.
    package var heldOutIoU: Double?
    /// Whether `heldOutIoU` was measured after this step.
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
