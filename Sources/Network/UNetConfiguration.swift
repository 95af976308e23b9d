/// The architecture of a U-Net in three dimensions or two.
///
/// After Çiçek et al. 2016 and Ronneberger et al. 2015.
package struct UNetConfiguration: Codable, Hashable, Sendable {
    /// Whether convolutions keep the extent or lose a voxel on each side.
    package enum Padding: String, Codable, Sendable { case same, valid }
    /// What stands before each ReLU; `none` gives the convolutions a bias.
    package enum Normalization: String, Codable, Sendable { case none, batch, instance }

    /// Channels of the image.
    package var channels: Int
    package var classes: Int
    /// Channels after the first convolution; doubled before each pooling.
    package var base: Int
    /// Resolutions, 1 or more.
    package var levels: Int
    /// 3, or 2 for a network that looks at each z slice alone.
    package var dimensions: Int
    package var padding: Padding
    package var normalization: Normalization

    package init(
        channels: Int = 1, classes: Int, base: Int = 16, levels: Int = 4, dimensions: Int = 3,
        padding: Padding = .same, normalization: Normalization = .batch
    ) {
        self.channels = channels
        self.classes = classes
        self.base = base
        self.levels = levels
        self.dimensions = dimensions
        self.padding = padding
        self.normalization = normalization
    }

    /// Fails when a field is out of its range, saying which and what is allowed.
    package func validate() throws(NetworkError) {
        func need(_ value: Int, _ range: ClosedRange<Int>, _ name: String) throws(NetworkError) {
            guard range.contains(value) else {
                throw .configuration("\(name) is \(value); it must lie in \(range.lowerBound)…\(range.upperBound)")
            }
        }
        try need(channels, 1...256, "channels")
        try need(classes, 1...254, "classes")
        try need(base, 1...256, "base")
        try need(levels, 1...7, "levels")
        try need(dimensions, 2...3, "dimensions")
    }

    /// The kernel of every convolution on depth, height, width.
    package var kernel: [Int] { dimensions == 3 ? [3, 3, 3] : [1, 3, 3] }
    /// The window of pooling and of up-convolution.
    package var window: [Int] { dimensions == 3 ? [2, 2, 2] : [1, 2, 2] }
    /// Padding per side of every convolution.
    package var margins: [Int] { padding == .same ? kernel.map { $0 / 2 } : [0, 0, 0] }

    /// Channels out of the two convolutions of a level on the analysis path.
    package func encoderChannels(_ level: Int) -> (first: Int, second: Int) {
        (base << level, base << (level + 1))
    }

    /// Channels of both convolutions of a level on the synthesis path.
    package func decoderChannels(_ level: Int) -> Int { base << (level + 1) }
}
