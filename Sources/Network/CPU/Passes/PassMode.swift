/// Whether a plan is for training or for inference.
enum PassMode: Equatable {
    /// Values are kept for the backward pass; statistics are the batch's own and update the running statistics.
    case training
    /// Buffers are reused as soon as possible; weights are packed once.
    case inference(BatchNormStatistics)
}
