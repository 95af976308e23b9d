/// Whether a plan is for training or for inference.
enum PassMode: Equatable {
    /// Values are kept for the backward pass, perhaps rounded to bfloat16; statistics are the batch's own and update
    /// the running statistics.
    case training(roundsActivations: Bool)
    /// Buffers are reused as soon as possible; weights are packed once.
    case inference(BatchNormStatistics)

    var isTraining: Bool { if case .training = self { true } else { false } }
}
