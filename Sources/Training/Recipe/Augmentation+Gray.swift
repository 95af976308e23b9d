extension Augmentation {
    /// Random changes of the intensities of each channel, which have a mean of 0 and a deviation of 1.
    package struct Gray: Codable, Hashable, Sendable {
        /// Contrast: a factor between 1 − gain and 1 + gain.
        package var gain: Double
        /// Brightness: deviation of what is added.
        package var offset: Double
        /// How far a random rising curve departs from a straight line: the deviation of its slope's logarithm.
        package var curve: Double

        package init(gain: Double = 0.2, offset: Double = 0.1, curve: Double = 0) {
            self.gain = gain
            self.offset = offset
            self.curve = curve
        }
    }
}
