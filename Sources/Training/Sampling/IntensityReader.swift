package import Volumes

/// Reads boxes of a volume as normalised floats: mean 0 and deviation 1 for each channel, hot and dead pixels
/// limited to 8 deviations; beyond the volume's edges the image is mirrored.
package struct IntensityReader: Sendable {
    private static let limit: Float = 8

    private let source: any VoxelSource
    private let statistics: [ChannelStatistics]

    package var extent: Extent { source.header.extent }
    package var channels: Int { source.header.channels }

    package init(_ source: any VoxelSource, statistics: [ChannelStatistics]) throws(TrainingError) {
        guard statistics.count == source.header.channels else {
            throw .mismatch(
                "There are statistics of \(statistics.count) channels; the volume has \(source.header.channels).")
        }
        self.source = source
        self.statistics = statistics
    }

    /// Fills `values`, channel after channel, with a box that may hang over the volume's edges.
    package func read(_ box: Box, into values: UnsafeMutableBufferPointer<Float>) throws {
        let count = box.extent.voxels
        for channel in 0..<channels {
            let target = UnsafeMutableBufferPointer(rebasing: values[channel * count..<(channel + 1) * count])
            try source.readFloats(box, channel: channel, border: .mirror, into: target)
            statistics[channel].normalise(target)
            for place in target.indices {
                target[place] = min(max(target[place], -IntensityReader.limit), IntensityReader.limit)
            }
        }
    }
}
