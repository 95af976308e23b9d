internal import Store
internal import Training
internal import Volumes

/// A volume and its labels as planned for a training or experiment, so that it can be resumed unchanged.
struct PlannedVolume: Codable, Sendable {
    var id: Int64
    var name: String
    /// Identifies the voxels.
    var image: VoxelGridID
    /// Of an experiment, the truth to score on.
    var truth: VoxelGridID?
    /// Oldest first, including those held out, without test slices.
    var slices: [AnnotatedRevision]
    /// The planes of test slices, of which no voxel is learned from; `nil` if there are none.
    var test: [SlicePosition]?

    /// The current labelled slices of a volume.
    init(_ source: TrainingPlanner.Source, truth: VoxelGridID? = nil) {
        id = source.volume.id
        name = source.volume.name
        image = source.volume.image
        self.truth = truth
        slices = source.annotations.filter(\.isLabelled).map {
            AnnotatedRevision(position: $0.position, revision: $0.revision)
        }
        test = source.test.isEmpty ? nil : source.test.map(\.position)
    }

    /// The slices with the volume's name.
    var places: [VolumeSlice] { slices.map { VolumeSlice(volume: name, at: $0.position) } }
}

extension AnnotationRecord {
    /// Whether any voxel has a class.
    var isLabelled: Bool { counts.contains { $0.key != Int(AnnotatedSlice.unlabeled) && $0.value > 0 } }
}
