/// What a plan is for.
enum PassMode: Equatable {
    /// Values are kept for the backward pass; statistics are the batch's own and move the running ones.
    case training
    /// Buffers are reused at once; weights are packed once.
    case inference(BatchNormStatistics)
}
