package import Volumes

/// Reads boxes of a volume as normalised floats.
///
/// Each channel has mean 0 and deviation 1, hot and dead pixels limited to 8 deviations; beyond the volume's edges the
/// image is mirrored. After each channel come its features.
package struct IntensityReader: Sendable {
    private static let limit: Float = 8

    private let source: any VoxelSource
    private let statistics: [ChannelStatistics]
    private let bank: FeatureBank
    /// Channels that are read for each of the image's.
    let features: Int

    package var extent: Extent { source.header.extent }
    package var channels: Int { source.header.channels * features }

    package init(
        _ source: any VoxelSource, statistics: [ChannelStatistics], inputs: InputFilters = .none
    ) throws(TrainingError) {
        guard statistics.count == source.header.channels else {
            throw .mismatch(
                "There are statistics of \(statistics.count) channels; the volume has \(source.header.channels).")
        }
        self.source = source
        self.statistics = statistics
        bank = FeatureBank(inputs, spacing: source.header.spacing)
        features = inputs.count
    }

    /// Fills `values`, channel after channel, with a box that may hang over the volume's edges.
    package func read(_ box: Box, into values: UnsafeMutableBufferPointer<Float>) throws {
        let count = features * box.extent.voxels
        var outer = box
        for axis in Axis.allCases {
            outer.origin[axis] -= bank.reach[axis]
            outer.extent[axis] += 2 * bank.reach[axis]
        }
        let image = UnsafeMutableBufferPointer<Float>.allocate(capacity: features > 1 ? outer.extent.voxels : 0)
        defer { image.deallocate() }
        image.initialize(repeating: 0)
        for channel in 0..<source.header.channels {
            let target = UnsafeMutableBufferPointer(rebasing: values[channel * count..<(channel + 1) * count])
            if features > 1 {
                try read(outer, channel, into: image)
                bank.compute(image, of: outer.extent, inner: box.extent, into: target)
            } else {
                try read(box, channel, into: target)
            }
        }
    }

    /// One channel of the image itself.
    private func read(_ box: Box, _ channel: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        try source.readFloats(box, channel: channel, border: .mirror, into: target)
        statistics[channel].normalise(target)
        for place in target.indices {
            target[place] = min(max(target[place], -IntensityReader.limit), IntensityReader.limit)
        }
    }
}
