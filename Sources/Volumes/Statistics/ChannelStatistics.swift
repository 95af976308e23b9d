/// Statistics of the intensities of one channel of a volume.
package struct ChannelStatistics: Codable, Hashable, Sendable {
    /// The mean and the standard deviation of all finite voxels.
    package var mean: Double
    package var deviation: Double
    package var minimum: Double
    package var maximum: Double
    /// The 1st and the 99th percentile of the typical voxels.
    package var low: Double
    package var high: Double
    /// The voxels that are NaN or infinite; `nil` if an older version measured the channel.
    package var nonFinite: Int?
    /// `nil` if an older version measured the channel.
    package var typical: TypicalIntensities?

    package init(
        mean: Double, deviation: Double, minimum: Double, maximum: Double, low: Double, high: Double,
        nonFinite: Int? = nil, typical: TypicalIntensities? = nil
    ) {
        self.mean = mean
        self.deviation = deviation
        self.minimum = minimum
        self.maximum = maximum
        self.low = low
        self.high = high
        self.nonFinite = nonFinite
        self.typical = typical
    }
}

extension ChannelStatistics {
    /// Measures every channel of a source, at most 64 MiB at a time.
    ///
    /// Numbers that are not finite are left out. The percentiles are exact for integers of up to 16 bits, otherwise
    /// computed from about a million voxels evenly spread over the volume. The source is read once, and once more
    /// where padding or outliers have to be left out of what is typical.
    package static func measure(_ source: any VoxelSource) throws -> [ChannelStatistics] {
        try (0..<source.header.channels).map { channel in
            var tally = ChannelTally(element: source.header.element, voxels: source.header.extent.voxels)
            try source.scan(channel) { try tally.add($0) }
            guard let range = tally.typicalRange else {
                let nothing = TypicalIntensities(
                    origin: 0, offset: 0, deviation: 0, least: 0, most: 0, setAside: 0)
                return tally.statistics(in: nil, nothing)
            }
            if let typical = tally.typical(in: range) { return tally.statistics(in: range, typical) }
            var rest = tally.typicalTally(in: range)
            try source.scan(channel) { try rest.add($0, of: source.header.element) }
            return tally.statistics(in: range, rest.intensities)
        }
    }

    /// Subtracts the mean and divides by the deviation; numbers that are not finite become 0.
    ///
    /// Models from before `TypicalIntensities` were trained on this.
    package func normalise(_ values: UnsafeMutableBufferPointer<Float>) {
        let mean = Float(self.mean)
        let scale = deviation > 0 ? Float(1 / deviation) : 1
        for index in values.indices {
            let value = (values[index] - mean) * scale
            values[index] = value.isFinite ? value : 0
        }
    }

    /// The statistics that intensities are centred and scaled by; of all voxels if an older version measured them.
    package var scaling: TypicalIntensities {
        typical
            ?? TypicalIntensities(
                origin: mean, offset: 0, deviation: deviation, least: -.infinity, most: .infinity, setAside: 0)
    }
}

extension VoxelSource {
    /// Calls the body with all voxels of a channel, part by part.
    fileprivate func scan(_ channel: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        for box in header.slabs() {
            let bytes = try raw(box, channel: channel)
            try bytes.withUnsafeBytes { try body($0) }
        }
    }
}
