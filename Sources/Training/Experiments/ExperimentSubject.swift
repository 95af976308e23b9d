package import Volumes

/// What the plan of an experiment must know of a volume.
package struct ExperimentSubject: Hashable, Sendable {
    package var name: String
    package var header: VolumeHeader
    /// The slices that may be learnt from.
    package var slices: [SlicePlace]
    /// Whether the class of every voxel is known.
    package var hasTruth: Bool

    package init(name: String, header: VolumeHeader, slices: [SlicePlace], hasTruth: Bool) {
        self.name = name
        self.header = header
        self.slices = slices
        self.hasTruth = hasTruth
    }
}
