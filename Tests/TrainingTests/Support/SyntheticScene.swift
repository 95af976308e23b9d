import Tensors
import Training
import Volumes

/// A small synthetic volume that a network can learn: noisy bright balls on a dark ground.
struct SyntheticScene {
    let image: InMemoryVolume
    let truth: InMemoryVolume
    let statistics: [ChannelStatistics]

    init(_ extent: Extent, channels: Int = 1, seed: UInt64 = 1) throws {
        var random = Random(seed: seed)
        let balls = (0..<max(3, extent.voxels / 1500)).map { _ in
            (
                z: Double.random(in: 0..<Double(extent.z), using: &random),
                y: Double.random(in: 0..<Double(extent.y), using: &random),
                x: Double.random(in: 0..<Double(extent.x), using: &random),
                radius: Double.random(in: 3...6, using: &random)
            )
        }
        truth = try Fixtures.volume(extent) { _, voxel in
            balls.contains { ball in
                let (z, y, x) = (Double(voxel.z) - ball.z, Double(voxel.y) - ball.y, Double(voxel.x) - ball.x)
                return z * z + y * y + x * x < ball.radius * ball.radius
            } ? 1 : 0
        }
        let labels = truth.bytes
        image = try Fixtures.volume(extent, channels: channels) { channel, voxel in
            let inside = labels[(voxel.z * extent.y + voxel.y) * extent.x + voxel.x] == 1
            let level = 100 + (inside ? 40.0 : 0) * (channel == 1 ? -1 : 1) + 15 * random.normal()
            return UInt8(min(max(level, 0), 255))
        }
        statistics = try ChannelStatistics.measure(image)
    }

    private init(image: InMemoryVolume, truth: InMemoryVolume) throws {
        self.image = image
        self.truth = truth
        statistics = try ChannelStatistics.measure(image)
    }

    /// The same scene with other numbers of another type for its intensities.
    func stored<Value>(as element: ElementType, _ number: (UInt8) -> Value) throws -> SyntheticScene {
        let bytes = image.bytes.map(number).withUnsafeBytes { Array($0) }
        return try SyntheticScene(
            image: InMemoryVolume(header: image.header.with(element: element, channels: 1), bytes: bytes), truth: truth)
    }

    /// With k annotated slices on each axis.
    func volume(_ count: Int, name: String = "scene") throws -> TrainingVolume {
        TrainingVolume(
            name: name, image: image, statistics: statistics, slices: try Fixtures.slices(count, of: truth))
    }

    /// The whole prediction: labels, and probabilities K×Z×Y×X.
    func predict(_ predictor: Predictor, classes: Int = 2) throws -> (labels: InMemoryVolume, probabilities: [Float]) {
        let extent = image.header.extent
        var labels = [UInt8](repeating: 255, count: extent.voxels)
        var probabilities = [Float](repeating: -1, count: classes * extent.voxels)
        _ = try predictor.predict(image, statistics: statistics) { box, tile, values in
            var place = 0
            for z in box.range(.z) {
                for y in box.range(.y) {
                    for x in box.range(.x) {
                        let target = (z * extent.y + y) * extent.x + x
                        labels[target] = tile[place]
                        for value in 0..<classes {
                            probabilities[value * extent.voxels + target] = values[value * box.extent.voxels + place]
                        }
                        place += 1
                    }
                }
            }
        }
        return (try InMemoryVolume(header: truth.header, bytes: labels), probabilities)
    }
}
