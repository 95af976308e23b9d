package import Volumes

/// The properties of a volume that the plan of an experiment needs.
package struct ExperimentSubject: Hashable, Sendable {
    package var name: String
    package var header: VolumeHeader
    /// The slices that may be learned from.
    package var slices: [VolumeSlice]
    /// Whether the class of every voxel is known.
    package var hasTruth: Bool
    /// The volume's labels use at most this many of the experiment's classes, the first ones; `nil` for all.
    package var classes: Int?

    package init(name: String, header: VolumeHeader, slices: [VolumeSlice], hasTruth: Bool, classes: Int? = nil) {
        self.name = name
        self.header = header
        self.slices = slices
        self.hasTruth = hasTruth
        self.classes = classes
    }
}
