/// The statistics that batch normalisation uses for prediction.
package enum BatchNormStatistics: String, Codable, Sendable {
    /// The running statistics from training.
    case running
    /// The statistics of the tile itself (recommended by Çiçek et al. for batches of one).
    case current
}
