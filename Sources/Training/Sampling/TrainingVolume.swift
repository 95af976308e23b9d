package import Volumes

/// A volume to learn from, with its annotated slices.
package struct TrainingVolume: Sendable {
    package var name: String
    package var image: any VoxelSource
    /// One for each channel.
    package var statistics: [ChannelStatistics]
    /// To learn from; oldest first.
    package var slices: [AnnotatedSlice]
    /// To measure on; nothing of their planes may be in `slices`, as `Holdout` sees to.
    package var heldOut: [AnnotatedSlice]

    package init(
        name: String, image: any VoxelSource, statistics: [ChannelStatistics], slices: [AnnotatedSlice],
        heldOut: [AnnotatedSlice] = []
    ) {
        self.name = name
        self.image = image
        self.statistics = statistics
        self.slices = slices
        self.heldOut = heldOut
    }
}
