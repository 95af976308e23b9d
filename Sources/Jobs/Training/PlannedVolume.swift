internal import Store
internal import Training
internal import Volumes

/// A volume with the labels that a training or an experiment was planned for, so that it can go on unchanged.
struct PlannedVolume: Codable, Sendable {
    var id: Int64
    var name: String
    /// Identifies the voxels.
    var image: VoxelGridID
    /// Of an experiment, what is scored on.
    var truth: VoxelGridID?
    /// Oldest first, those held out included.
    var slices: [AnnotatedRevision]

    /// The labelled slices of a volume as they are now.
    init(_ source: TrainingPlanner.Source, truth: VoxelGridID? = nil) {
        id = source.volume.id
        name = source.volume.name
        image = source.volume.image
        self.truth = truth
        slices = source.annotations.filter(\.isLabelled).map {
            AnnotatedRevision(position: $0.position, revision: $0.revision)
        }
    }

    /// The slices by the volume's name.
    var places: [VolumeSlice] { slices.map { VolumeSlice(volume: name, at: $0.position) } }
}

extension AnnotationRecord {
    /// Whether it gives a class to any voxel.
    var isLabelled: Bool { counts.contains { $0.key != Int(AnnotatedSlice.unlabeled) && $0.value > 0 } }
}
