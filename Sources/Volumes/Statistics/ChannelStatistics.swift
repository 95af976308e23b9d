/// Statistics of the intensities of one channel of a volume.
package struct ChannelStatistics: Codable, Hashable, Sendable {
    package var mean: Double
    package var deviation: Double
    package var minimum: Double
    package var maximum: Double
    /// The 1st and the 99th percentile.
    package var low: Double
    package var high: Double

    package init(mean: Double, deviation: Double, minimum: Double, maximum: Double, low: Double, high: Double) {
        self.mean = mean
        self.deviation = deviation
        self.minimum = minimum
        self.maximum = maximum
        self.low = low
        self.high = high
    }
}

extension ChannelStatistics {
    /// Measures every channel of a source in one pass through it, at most 64 MiB at a time.
    ///
    /// Numbers that are not finite are left out. The percentiles are exact for integers of up to 16 bits, otherwise
    /// computed from about a million voxels evenly spread over the volume.
    package static func measure(_ source: any VoxelSource) throws -> [ChannelStatistics] {
        try (0..<source.header.channels).map { channel in
            var tally = ChannelTally(element: source.header.element, voxels: source.header.extent.voxels)
            for box in source.header.slabs() {
                let bytes = try source.raw(box, channel: channel)
                try bytes.withUnsafeBytes { try tally.add($0) }
            }
            return tally.statistics
        }
    }

    /// Subtracts the mean and divides by the deviation; numbers that are not finite become 0.
    package func normalise(_ values: UnsafeMutableBufferPointer<Float>) {
        let mean = Float(self.mean)
        let scale = deviation > 0 ? Float(1 / deviation) : 1
        for index in values.indices {
            let value = (values[index] - mean) * scale
            values[index] = value.isFinite ? value : 0
        }
    }
}
