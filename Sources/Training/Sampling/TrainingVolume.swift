package import Volumes

/// A volume to learn from, with its annotated slices.
package struct TrainingVolume: Sendable {
    package var name: String
    package var image: any VoxelSource
    /// One for each channel.
    package var statistics: [ChannelStatistics]
    /// The slices to learn from, oldest first.
    package var slices: [AnnotatedSlice]
    /// The slices to score on; `slices` must not label voxels of their planes (`Holdout` ensures this).
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
    /// The volumes with the slices that a network can learn from: a 2D network sees only z planes, so slices on other
    /// axes would be single lines to it.
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
