internal import Training

/// The metrics of a training, as stored with the model.
struct TrainingMetrics: Codable, Sendable {
    var steps: Int
    var seconds: Double
    var loss: Double?
    var heldOutIoU: Double?
    /// `completed`, or `stopped` before its budget was used up.
    var ending: String
    /// What may be wrong with the labels it learned from, or with what it learned.
    var warnings: [String]?
    var volumes: [PredictionSummary]?

    enum CodingKeys: String, CodingKey {
        case steps, seconds, loss, ending, warnings, volumes
        case heldOutIoU = "heldout_iou"
    }

    init(_ result: TrainingResult) {
        steps = result.steps
        seconds = result.seconds
        loss = result.curve.last?.loss
        heldOutIoU = result.heldOutIoU
        ending = result.finished.rawValue
        warnings = result.warnings
    }
}
