/// The architecture of a U-Net in three dimensions or two.
///
/// After Çiçek et al. 2016 and Ronneberger et al. 2015.
package struct UNetConfiguration: Codable, Hashable, Sendable {
    /// Whether convolutions keep the extent (`same`) or lose a voxel on each side (`valid`).
    package enum Padding: String, Codable, Sendable { case same, valid }
    /// The normalisation before each ReLU; with `none`, convolutions have a bias.
    package enum Normalization: String, Codable, Sendable { case none, batch, instance }

    /// Channels of the image.
    package var channels: Int
    package var classes: Int
    /// Channels after the first convolution; doubled before each pooling.
    package var base: Int
    /// The number of resolutions, 1 or more.
    package var levels: Int
    /// 3, or 2 for a network that sees each z slice separately.
    package var dimensions: Int
    package var padding: Padding
    package var normalization: Normalization
    /// The convolutions' kernel at each level, as depth, height, width; nil if all have the default for `dimensions`.
    package var kernels: [[Int]]?
    /// The window of pooling and of up-convolution below each level except the last; nil as for `kernels`.
    package var windows: [[Int]]?
    /// The number of coarser levels, counted from the finest, that have an output layer of their own for training only
    /// (deep supervision); nil for none.
    package var deepOutputs: Int?

    /// Kernels and windows equal to the default for `dimensions` are stored as nil, so that equal networks compare
    /// equal.
    package init(
        channels: Int = 1, classes: Int, base: Int = 16, levels: Int = 4, dimensions: Int = 3,
        padding: Padding = .same, normalization: Normalization = .batch, kernels: [[Int]]? = nil,
        windows: [[Int]]? = nil, deepOutputs: Int? = nil
    ) {
        self.channels = channels
        self.classes = classes
        self.base = base
        self.levels = levels
        self.dimensions = dimensions
        self.padding = padding
        self.normalization = normalization
        self.deepOutputs = deepOutputs
        let (kernel, window) = Self.uniform(dimensions)
        self.kernels = kernels?.count == levels && kernels?.allSatisfy { $0 == kernel } == true ? nil : kernels
        self.windows = windows?.count == levels - 1 && windows?.allSatisfy { $0 == window } == true ? nil : windows
    }

    /// Fails if a field is out of range; the error names the field and its range.
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
        if let deepOutputs { try need(deepOutputs, 0...levels - 1, "deep_outputs") }
        try check(kernels, "kernels", count: levels, sizes: dimensions == 3 ? [1, 3] : [1], [1, 3])
        try check(windows, "windows", count: levels - 1, sizes: dimensions == 3 ? [1, 2] : [1], [1, 2])
    }

    /// Fails unless a list has one entry of three sizes for each level; `depths` are the sizes allowed on the first
    /// axis.
    private func check(
        _ list: [[Int]]?, _ name: String, count: Int, sizes depths: [Int], _ others: [Int]
    ) throws(NetworkError) {
        guard let list else { return }
        guard list.count == count else {
            throw .configuration("\(name) has \(list.count) entries; a network of \(levels) levels needs \(count)")
        }
        for entry in list {
            guard entry.count == 3, depths.contains(entry[0]), entry[1...].allSatisfy(others.contains) else {
                throw .configuration(
                    "\(name) has \(entry); an entry is three sizes z, y, x, each \(others[0]) or \(others[1])"
                        + (dimensions == 3 ? "" : ", the first of them 1 in two dimensions"))
            }
        }
    }

    private static func uniform(_ dimensions: Int) -> (kernel: [Int], window: [Int]) {
        dimensions == 3 ? ([3, 3, 3], [2, 2, 2]) : ([1, 3, 3], [1, 2, 2])
    }

    /// The kernel of every convolution of a level, as depth, height, width.
    func kernel(_ level: Int) -> [Int] { kernels?[level] ?? Self.uniform(dimensions).kernel }
    /// The window of the pooling below a level and of the up-convolution back to it.
    func window(_ level: Int) -> [Int] { windows?[level] ?? Self.uniform(dimensions).window }
    /// Padding per side of every convolution of a level.
    func margins(_ level: Int) -> [Int] { padding == .same ? kernel(level).map { $0 / 2 } : [0, 0, 0] }

    /// Output channels of the two convolutions of an encoder level.
    func encoderChannels(_ level: Int) -> (first: Int, second: Int) {
        (base << level, base << (level + 1))
    }

    /// Output channels of both convolutions of a decoder level.
    func decoderChannels(_ level: Int) -> Int { base << (level + 1) }

    /// Whether a level's last features have an output layer for training only.
    func hasDeepOutput(_ level: Int) -> Bool { level >= 1 && level <= deepOutputs ?? 0 }
}
