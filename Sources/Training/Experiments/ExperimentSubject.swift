package import Volumes

/// What the plan of an experiment must know of a volume.
package struct ExperimentSubject: Hashable, Sendable {
    package var name: String
    package var header: VolumeHeader
    /// The slices that may be learnt from.
    package var slices: [SlicePlace]
    /// Whether the class of every voxel is known.
    package var hasTruth: Bool
    /// How many of the experiment's classes it is labelled with at most, the first ones; nil for all.
    package var classes: Int?

    package init(name: String, header: VolumeHeader, slices: [SlicePlace], hasTruth: Bool, classes: Int? = nil) {
        self.name = name
        self.header = header
        self.slices = slices
        self.hasTruth = hasTruth
        self.classes = classes
    }
}
