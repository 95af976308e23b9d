/// What the intensities of one channel of a volume are like.
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
