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
    /// where padding or outliers have to be left out of what is typical. `progress`, called with the fraction done, may
    /// throw to stop it.
    package static func measure(
        _ source: any VoxelSource, progress: (Double) throws -> Void = { _ in }
    ) throws -> [ChannelStatistics] {
        let channels = source.header.channels
        return try (0..<channels).map { channel in
            var tally = ChannelTally(element: source.header.element, voxels: source.header.extent.voxels)
            try source.scan(channel) { bytes, share in
                try progress((Double(channel) + share) / Double(channels))
                try tally.add(bytes)
            }
            guard let range = tally.typicalRange else {
                let nothing = TypicalIntensities(
                    origin: 0, offset: 0, deviation: 0, least: 0, most: 0, setAside: 0)
                return tally.statistics(in: nil, nothing)
            }
            if let typical = tally.typical(in: range) { return tally.statistics(in: range, typical) }
            var rest = tally.typicalTally(in: range)
            try source.scan(channel) { bytes, _ in
                try progress(Double(channel + 1) / Double(channels))
                try rest.add(bytes, of: source.header.element)
            }
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
    /// Calls the body with all voxels of a channel, part by part, and the share of them that came before.
    fileprivate func scan(_ channel: Int, _ body: (UnsafeRawBufferPointer, Double) throws -> Void) throws {
        let extent = header.extent
        guard let piece else {
            for box in header.slabs() { try scan(box, channel, body) }
            return
        }
        for z in stride(from: 0, to: extent.z, by: piece.z) {
            for y in stride(from: 0, to: extent.y, by: piece.y) {
                for x in stride(from: 0, to: extent.x, by: piece.x) {
                    let box = Box(origin: Voxel(z: z, y: y, x: x), extent: piece)
                    try scan(box.intersection(Box(extent: extent)), channel, body)
                }
            }
        }
    }

    private func scan(
        _ box: Box, _ channel: Int, _ body: (UnsafeRawBufferPointer, Double) throws -> Void
    ) throws {
        let (origin, extent) = (box.origin, header.extent)
        let before = (origin.z * extent.y + origin.y * box.extent.z) * extent.x + origin.x * box.extent.z * box.extent.y
        let bytes = try raw(box, channel: channel)
        try bytes.withUnsafeBytes { try body($0, Double(before) / Double(max(extent.voxels, 1))) }
    }
}
