/// What a plan is for.
enum Purpose: Equatable {
    /// Values are kept for the backward pass; statistics are the batch's own and move the running ones.
    case training
    /// Buffers are reused at once; weights are packed once.
    case inference(Statistics)
}

/// Which statistics batch normalisation uses at prediction.
package enum Statistics: String, Codable, Sendable {
    /// Those learned in training.
    case running
    /// Those of the tile itself (recommended by Çiçek et al. for batches of one).
    case current
}
