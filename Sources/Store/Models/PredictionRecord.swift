package import Foundation

/// The prediction of a volume by a model.
package struct PredictionRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    /// The volume's `id`.
    package let volume: Int64
    /// The model's `id`.
    package let model: Int64
    package let modelName: String
    /// Whether the model's job succeeded, or its weights were brought.
    package let isFinished: Bool
    /// One channel of uint8 class indices.
    package let labels: VoxelGridID
    /// A channel of uint16 for each class; the probability is value / 65535.
    package let probability: VoxelGridID
    package let created: Date
}
