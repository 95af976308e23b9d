package import Network

/// The result of a training.
package struct TrainingResult: Sendable {
    package enum Ending: String, Codable, Sendable {
        /// The budget was used up, or the held-out score stopped improving.
        case completed
        /// The progress closure returned `.stop`.
        case stopped
        /// The loss was no number any more: the weights are the last good ones before.
        case diverged
    }

    /// The model, with the optimizer's state to resume from.
    package var checkpoint: Checkpoint
    /// The recipe with every `auto` resolved.
    package var recipe: Recipe
    /// Those that the weights have made; a training that diverged made some more.
    package var steps: Int
    package var seconds: Double
    package var curve: [CurvePoint]
    /// The mean IoU of the final weights on held-out slices.
    package var heldOutIoU: Double?
    package var finished: Ending
    /// What may be wrong with the model, as sentences for users.
    package var warnings: [String] = []
}
