internal import Store
internal import Training
internal import Volumes

/// Everything that determines a training; stored with its checkpoints, so that it can be resumed unchanged.
struct TrainingPlan: Codable, Sendable {
    /// The model to start from.
    struct Parent: Codable, Sendable {
        var id: Int64
        var name: String
    }

    var volumes: [PlannedVolume]
    var heldOut: [VolumeSlice]
    var parent: Parent?
    /// The recipe as requested: the trainer fills in `auto` from the volumes and the model to start from.
    var recipe: Recipe
    var budget: Budget
    var classes: [String]
    /// The label values of classes that were removed; `nil` if there are none.
    var removed: [Int]?

    /// The slices that nothing is learned from: those held out and the test slices.
    var keptOut: [VolumeSlice] {
        heldOut + volumes.flatMap { volume in (volume.test ?? []).map { VolumeSlice(volume: volume.name, at: $0) } }
    }

    /// The slices learned from by volume, as stored with the model.
    var trainedOn: [String: [AnnotatedRevision]] {
        var slices: [String: [AnnotatedRevision]] = [:]
        for volume in volumes {
            slices[volume.name] = volume.slices.filter { slice in
                !heldOut.contains(VolumeSlice(volume: volume.name, at: slice.position))
            }
        }
        return slices
    }
}
