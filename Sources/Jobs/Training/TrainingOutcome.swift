internal import Network
internal import Store
internal import Training

/// The outcome of a training, in a form that can be sent to other threads.
struct TrainingOutcome: Sendable {
    /// Everything needed to continue the training.
    var checkpoint: Checkpoint
    /// The recipe with every `auto` filled in.
    var recipe: Recipe
    var metrics: TrainingMetrics
    var curve: [CurvePointRecord]
    var isStopped: Bool
    /// What later trainings are timed by; `nil` of one on another machine.
    var kind: StepTimings.Kind?
}

extension TrainingOutcome {
    init(_ result: TrainingResult, kind: StepTimings.Kind) {
        self.kind = kind
        checkpoint = result.checkpoint
        recipe = result.recipe
        isStopped = result.finished == .stopped
        curve = result.curve.map {
            CurvePointRecord(step: $0.step, seconds: $0.seconds, loss: $0.loss, heldOutIoU: $0.heldOutIoU)
        }
        metrics = TrainingMetrics(result)
    }
}
