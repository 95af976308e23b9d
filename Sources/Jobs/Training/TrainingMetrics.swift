internal import Training

/// The metrics of a training, as stored with the model.
struct TrainingMetrics: Codable, Sendable {
    /// Those that the weights have made.
    var steps: Int
    var seconds: Double
    var loss: Double?
    var heldOutIoU: Double?
    /// `completed`; `stopped` before its budget was used up; or `diverged`: then the weights are those before.
    var ending: String
    /// The processes that trained together; `nil` if it was one.
    var ranks: Int?
    /// What may be wrong with the labels it learned from, or with what it learned.
    var warnings: [String]?
    var volumes: [PredictionSummary]?

    enum CodingKeys: String, CodingKey {
        case steps, seconds, loss, ending, ranks, warnings, volumes
        case heldOutIoU = "heldout_iou"
    }

    var hasDiverged: Bool { ending == TrainingResult.Ending.diverged.rawValue }

    init(_ result: TrainingResult) {
        steps = result.steps
        seconds = result.seconds
        loss = result.curve.last { $0.step <= result.steps }?.loss
        heldOutIoU = result.heldOutIoU
        ending = result.finished.rawValue
        warnings = result.warnings
    }
}
