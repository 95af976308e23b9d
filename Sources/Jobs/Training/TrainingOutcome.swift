internal import Network
internal import Store
internal import Training

/// What came out of a training, in a form that can leave its thread.
struct TrainingOutcome: Sendable {
    /// How a training went, as it is kept with the model.
    struct Metrics: Codable, Sendable {
        var steps: Int
        var seconds: Double
        var loss: Double?
        var heldOutIoU: Double?
        /// `completed`, or `stopped` before its budget was used up.
        var ending: String
        /// What may be wrong with the labels it learnt from.
        var warnings: [String]?
        var volumes: [PredictionSummary]?

        enum CodingKeys: String, CodingKey {
            case steps, seconds, loss, ending, warnings, volumes
            case heldOutIoU = "heldout_iou"
        }
    }

    /// All that is needed to go on.
    var checkpoint: Checkpoint
    /// All `auto` filled in.
    var recipe: Recipe
    var metrics: Metrics
    var curve: [CurvePointRecord]
    var isStopped: Bool

    init(_ result: TrainingResult) {
        checkpoint = result.checkpoint
        recipe = result.recipe
        isStopped = result.finished == .stopped
        curve = result.curve.map {
            CurvePointRecord(step: $0.step, seconds: $0.seconds, loss: $0.loss, heldOutIoU: $0.heldOutIoU)
        }
        metrics = Metrics(
            steps: result.steps, seconds: result.seconds, loss: result.curve.last?.loss,
            heldOutIoU: result.heldOutIoU, ending: result.finished.rawValue)
    }
}
