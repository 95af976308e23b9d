package import Foundation

/// A trained network; its weights are read apart.
package struct ModelRecord: Hashable, Identifiable, Sendable {
    /// Never used again, so it identifies the weights.
    package let id: Int64
    /// The project's `id`.
    package let project: Int64
    package let name: String
    /// The name of the model it was fine-tuned from, which may be gone by now.
    package let parent: String?
    package let classes: [String]
    /// JSON.
    package let recipe: String
    /// JSON.
    package let configuration: String
    package let seed: Int64
    package let labelsHash: String?
    /// JSON.
    package let metrics: String?
    /// JSON.
    package let heldOut: String?
    /// JSON.
    package let trainedOn: String?
    package let job: Int64?
    /// Of the weights.
    package let bytes: Int
    package let created: Date
}
