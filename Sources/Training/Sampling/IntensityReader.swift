package import Volumes

/// Reads boxes of a volume as normalised floats.
///
/// Each channel has mean 0 and standard deviation 1, of its typical voxels or of all, and is limited to ±8; beyond the
/// volume's edges the image is mirrored. Each channel is followed by its features.
package struct IntensityReader: Sendable {
    private static let limit: Float = 8

    private let source: any VoxelSource
    private let statistics: [ChannelStatistics]
    private let scaling: IntensityScaling
    private let bank: FeatureBank
    /// Channels that are read per channel of the image: the channel itself and its features.
    let features: Int

    package var extent: Extent { source.header.extent }
    package var channels: Int { source.header.channels * features }

    package init(
        _ source: any VoxelSource, statistics: [ChannelStatistics], inputs: InputFilters = .none,
        scaling: IntensityScaling = .typical
    ) throws(TrainingError) {
        guard statistics.count == source.header.channels else {
            throw .mismatch(
                "There are statistics of \(statistics.count) channels; the volume has \(source.header.channels).")
        }
        self.source = source
        self.statistics = statistics
        self.scaling = scaling
        bank = FeatureBank(inputs, spacing: source.header.spacing)
        features = inputs.count
    }

    /// Fills `values`, channel after channel, with a box that may extend beyond the volume.
    package func read(_ box: Box, into values: UnsafeMutableBufferPointer<Float>) throws {
        let count = features * box.extent.voxels
        let outer = outer(box)
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

    /// The box of the image, inside of it, whose voxels `read` needs for a box.
    func needed(for box: Box) -> Box { source.inside(features > 1 ? outer(box) : box) }

    /// A box with what the features of its voxels are computed from.
    private func outer(_ box: Box) -> Box {
        var outer = box
        for axis in Axis.allCases {
            outer.origin[axis] -= bank.reach[axis]
            outer.extent[axis] += 2 * bank.reach[axis]
        }
        return outer
    }

    /// Reads one channel of the image without features.
    private func read(_ box: Box, _ channel: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        switch scaling {
        case .typical:
            try source.readFloats(
                box, channel: channel, border: .mirror, scaledBy: statistics[channel].scaling, into: target)
        case .all:
            try source.readFloats(box, channel: channel, border: .mirror, into: target)
            statistics[channel].normalise(target)
        }
        for index in target.indices {
            target[index] = min(max(target[index], -IntensityReader.limit), IntensityReader.limit)
        }
    }
}
