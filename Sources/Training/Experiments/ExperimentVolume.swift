package import Volumes

/// A volume of an experiment.
package struct ExperimentVolume: Sendable {
    package var name: String
    package var image: any VoxelSource
    /// One for each channel.
    package var statistics: [ChannelStatistics]
    /// The annotated slices, oldest first; they include those that the trials name.
    package var slices: [AnnotatedSlice]
    /// The class of every voxel, if known.
    package var truth: (any VoxelSource)?

    package init(
        name: String, image: any VoxelSource, statistics: [ChannelStatistics], slices: [AnnotatedSlice],
        truth: (any VoxelSource)? = nil
    ) {
        self.name = name
        self.image = image
        self.statistics = statistics
        self.slices = slices
        self.truth = truth
    }

    /// The slices at the given positions, oldest first.
    func slices(at places: [VolumeSlice]) -> [AnnotatedSlice] {
        let wanted = places.positions(in: name)
        return slices.filter { wanted.contains($0.position) }
    }
}
