internal import Store
internal import Training
internal import Volumes

/// All that decides a training, fixed when it starts and kept with its checkpoints, so that it can go on unchanged.
struct TrainingPlan: Codable, Sendable {
    /// The model to start from.
    struct Parent: Codable, Sendable {
        var id: Int64
        var name: String
    }

    var volumes: [PlannedVolume]
    var heldOut: [VolumeSlice]
    var parent: Parent?
    /// As it was asked for: the trainer fills in `auto` from the volumes and the model to start from.
    var recipe: Recipe
    var budget: Budget
    var classes: [String]

    /// The slices learnt from by volume, as they are kept with the model.
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
