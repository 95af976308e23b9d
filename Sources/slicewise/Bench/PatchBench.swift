internal import Training
internal import Volumes

/// Measures the preparation of one patch, by kind of augmentation.
struct PatchBench {
    private let volume: TrainingVolume
    private let patch: Extent
    private let runs: Int

    /// Makes a volume of noise with one annotated slice on each axis.
    init(patch: Extent, channels: Int, runs: Int) throws {
        self.patch = patch
        self.runs = runs
        let extent = Extent(z: patch.z + 64, y: patch.y + 64, x: patch.x + 64)
        var random = Random(seed: 1)
        let bytes = (0..<channels * extent.voxels).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let image = try InMemoryVolume(
            header: VolumeHeader(channels: channels, extent: extent, element: .uint8), bytes: bytes)
        let slices = Axis.allCases.map { axis in
            let position = SlicePosition(axis, extent[axis] / 2)
            return AnnotatedSlice(
                at: position, values: (0..<position.voxels(in: extent)).map { UInt8($0 / 8 % 2) })
        }
        volume = TrainingVolume(
            name: "noise", image: image, statistics: try ChannelStatistics.measure(image), slices: slices)
    }

    /// A row for each kind of augmentation: its name and the milliseconds of a patch.
    func rows() throws -> [[String]] {
        let plain = Augmentation(
            rotation: 0, scale: .init(low: 1, high: 1), elastic: nil, gray: nil, mirror: .fixed([]))
        func kind(
            _ name: String, inputs: InputFilters = .none, _ change: (inout Augmentation) -> Void = { _ in }
        ) throws -> [String] {
            var augmentation = plain
            change(&augmentation)
            return [name, TextTable.share(try milliseconds(augmentation, inputs))]
        }
        return [
            try kind("as it is"), try kind("mirrored") { $0.mirror = .auto },
            try kind("contrast and brightness") { $0.gray = .init() },
            try kind("gray-value curve") { $0.gray = .init(gain: 0, offset: 0, curve: 0.3) },
            try kind("noise") { $0.noise = 0.3 }, try kind("blur") { $0.blur = 1 },
            try kind("sharpening") { $0.sharpen = 1 },
            try kind("rotation and scaling") {
                $0.rotation = .fixed(30)
                $0.scale = .fixed(.init(low: 0.8, high: 1.25))
            },
            try kind("elastic") { $0.elastic = .init(spacing: 32, sigma: 4) },
            try kind("all of it") {
                $0 = Augmentation(
                    rotation: 30, scale: .init(low: 0.8, high: 1.25), elastic: .init(spacing: 32, sigma: 4),
                    gray: .init(curve: 0.3), noise: 0.3, blur: 1, sharpen: 1, mirror: .auto)
            },
            try kind("as it is, inputs smoothed 1 and 3, gradient 1", inputs: .init(smoothed: [1, 3], gradient: [1])),
        ]
    }

    private func milliseconds(_ augmentation: Augmentation, _ inputs: InputFilters) throws -> Double {
        let sampler = try PatchSampler(
            [volume], classes: 2, image: patch, labels: patch, augmentation: augmentation, inputs: inputs)
        var random = Random(seed: 2)
        _ = try sampler.batch(of: 1, using: &random)
        let clock = ContinuousClock()
        let times = try (0..<runs).map { _ in
            try clock.measure { _ = try sampler.batch(of: 1, using: &random) } / .milliseconds(1)
        }
        return times.sorted()[runs / 2]
    }
}
