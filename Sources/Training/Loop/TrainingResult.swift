package import Network

/// What a training ends with.
package struct TrainingResult: Sendable {
    package enum Ending: String, Codable, Sendable {
        /// The budget is used up, or the held-out slices no longer improved.
        case completed
        /// The listener wanted no more.
        case stopped
    }

    /// The model, with the optimizer's state for going on.
    package var checkpoint: Checkpoint
    /// With every `auto` resolved.
    package var recipe: Recipe
    package var steps: Int
    package var seconds: Double
    package var curve: [CurvePoint]
    /// Mean IoU on held-out slices of the weights that were kept.
    package var heldOutIoU: Double?
    package var finished: Ending
}
