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
    /// The volumes with the slices that a network can learn from.
    ///
    /// A 2D network sees only z planes: slices on other axes would be single lines to it, and are left out, or each axis
    /// becomes the z of a volume of its own.
    func learnable(
        in dimensions: Int, _ planes: SamplingSettings.Planes
    ) throws(TrainingError) -> [TrainingVolume] {
        guard dimensions == 2 else { return self }
        let axes = planes == .all ? Axis.allCases : [.z]
        let turned = axes.flatMap { axis in map { $0.turned(axis) }.filter { axis == .z || !$0.slices.isEmpty } }
        guard turned.contains(where: { !$0.slices.isEmpty }) else {
            throw .nothingToLearn(
                "A network of 2 dimensions learns from slices on axis z; there is none to learn from.")
        }
        return turned
    }
}

extension TrainingVolume {
    /// The volume with an axis for its z, and the slices on that axis alone; what is held out stays with z, the axis of
    /// predictions.
    fileprivate func turned(_ axis: Axis) -> TrainingVolume {
        var volume = self
        volume.image = image.turned(axis)
        // Rows and columns of a slice are the other axes in their order, and stay so.
        volume.slices = slices.filter { $0.axis == axis }.map {
            AnnotatedSlice(at: SlicePosition(.z, $0.index), values: $0.values)
        }
        if axis != .z { volume.heldOut = [] }
        return volume
    }
}
