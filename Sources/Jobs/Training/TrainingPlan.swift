internal import Foundation
internal import Store
internal import Training
internal import Volumes

/// All that decides a training, fixed when it starts and kept with its checkpoints, so that it can go on unchanged.
struct TrainingPlan: Codable, Sendable {
    /// An annotated slice at the revision that is learnt from.
    struct Slice: Codable, Hashable, Sendable {
        var axis: Axis
        var index: Int
        var revision: Int64
    }

    struct Volume: Codable, Sendable {
        var id: Int64
        var name: String
        /// Identifies the voxels.
        var image: VoxelGridID
        /// Oldest first, those held out included.
        var slices: [Slice]
    }

    /// The model to start from.
    struct Parent: Codable, Sendable {
        var id: Int64
        var name: String
    }

    var volumes: [Volume]
    var heldOut: [Holdout.Slice]
    var parent: Parent?
    /// As it was asked for: the trainer fills in `auto` from the volumes and the model to start from.
    var recipe: Recipe
    var budget: Budget
    var classes: [String]

    /// The slices learnt from by volume, as they are kept with the model.
    var trainedOn: [String: [Slice]] {
        var slices: [String: [Slice]] = [:]
        for volume in volumes {
            slices[volume.name] = volume.slices.filter { slice in
                !heldOut.contains(Holdout.Slice(volume: volume.name, axis: slice.axis, index: slice.index))
            }
        }
        return slices
    }
}

extension ModelRecord {
    /// The slices it learnt from by volume; empty for a model made elsewhere.
    func trainedSlices() throws -> [String: [TrainingPlan.Slice]] {
        guard let trainedOn else { return [:] }
        return try JSONDecoder().decode([String: [TrainingPlan.Slice]].self, from: Data(trainedOn.utf8))
    }

    /// The slices that were held out of its training.
    func heldOutSlices() throws -> [Holdout.Slice] {
        guard let heldOut else { return [] }
        return try JSONDecoder().decode([Holdout.Slice].self, from: Data(heldOut.utf8))
    }
}
