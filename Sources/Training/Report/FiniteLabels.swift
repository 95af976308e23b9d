package import Volumes

/// A label volume whose voxels are unlabeled where the image is NaN or infinite in any channel.
struct FiniteLabels: VoxelSource {
    private let labels: any VoxelSource
    private let image: any VoxelSource

    /// Both have the same extent.
    init(_ labels: any VoxelSource, where image: any VoxelSource) {
        self.labels = labels
        self.image = image
    }

    var header: VolumeHeader { labels.header.with(element: .uint8, channels: 1) }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        bytes.copyBytes(from: try labels.classes(in: box))
        for channel in 0..<image.header.channels {
            let values = try image.doubles(box, channel: channel)
            for place in values.indices where !values[place].isFinite { bytes[place] = AnnotatedSlice.unlabeled }
        }
    }
}

extension VoxelSource {
    /// The image, if any of its voxels may be no number; `nil` if all are.
    package func ifNotFinite(_ statistics: [ChannelStatistics]) -> (any VoxelSource)? {
        header.element.isFloatingPoint && statistics.contains { $0.nonFinite != 0 } ? self : nil
    }
}
