/// Which statistics batch normalisation uses at prediction.
package enum BatchNormStatistics: String, Codable, Sendable {
    /// Those learned in training.
    case running
    /// Those of the tile itself (recommended by Çiçek et al. for batches of one).
    case current
}
