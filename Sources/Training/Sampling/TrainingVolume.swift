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

extension [TrainingVolume] {
    /// The volumes with the slices that a network can learn from: one of two dimensions looks at z planes alone, and
    /// would see single lines of the slices across them.
    func learnable(in dimensions: Int) throws(TrainingError) -> [TrainingVolume] {
        guard dimensions == 2 else { return self }
        let planes = map { volume in
            var volume = volume
            volume.slices.removeAll { $0.axis != .z }
            return volume
        }
        guard planes.contains(where: { !$0.slices.isEmpty }) else {
            throw .nothingToLearn(
                "A network of 2 dimensions learns from slices on axis z; there is none to learn from.")
        }
        return planes
    }
}
