import Foundation
import Network
import Tensors
import Testing
import Training
import Volumes

/// Volumes that a network sees at another spacing than their own.
@Suite(.serialized) struct ResamplingTests {
    private func recipe(_ json: String) throws -> Recipe { try Recipe(json: Data(json.utf8)) }

    /// The scene with every voxel eight times, each half as long.
    private func refined(_ image: InMemoryVolume, spacing: Double = 0.5) throws -> InMemoryVolume {
        let small = image.header.extent
        let extent = Extent(z: 2 * small.z, y: 2 * small.y, x: 2 * small.x)
        return try Fixtures.volume(extent, spacing: Spacing(z: spacing, y: spacing, x: spacing)) { _, voxel in
            image.bytes[(voxel.z / 2 * small.y + voxel.y / 2) * small.x + voxel.x / 2]
        }
    }

    /// K×Z×Y×X probabilities, each voxel of the volume written once.
    private func predict(
        _ image: InMemoryVolume, by model: Checkpoint, _ recipe: Recipe, plan: TilePlan? = nil, only box: Box? = nil
    ) throws -> [Float] {
        let extent = image.header.extent
        var found = [Float](repeating: .nan, count: 2 * extent.voxels)
        let predictor = try Predictor(model: model, recipe: recipe, engine: Engine(threads: 1), plan: plan)
        let statistics = try ChannelStatistics.measure(image)
        _ = try predictor.predict(image, statistics: statistics, only: box) { core, labels, values in
            #expect(labels.count == core.extent.voxels && values.count == 2 * labels.count)
            var place = 0
            for z in core.range(.z) {
                for y in core.range(.y) {
                    for x in core.range(.x) {
                        let target = (z * extent.y + y) * extent.x + x
                        #expect(found[target].isNaN, "voxels are predicted once")
                        found[target] = values[place]
                        found[extent.voxels + target] = values[labels.count + place]
                        place += 1
                    }
                }
            }
        }
        return found
    }

    private func model() throws -> Checkpoint {
        var random = Random(seed: 4)
        let configuration = UNetConfiguration(channels: 1, classes: 2, base: 16, levels: 2)
        return try Checkpoint(network: UNet(configuration, using: &random), step: 0)
    }

    private func difference(_ one: [Float], _ other: [Float]) -> Float {
        zip(one, other).reduce(0) { max($0, $1.0.isNaN || $1.1.isNaN ? .infinity : abs($1.0 - $1.1)) }
    }

    @Test func `a network's own spacing changes nothing`() throws {
        let scene = try SyntheticScene(Extent(z: 12, y: 13, x: 14))
        let one = try recipe(#"{"spacing":{"z":1,"y":1,"x":1.001}}"#)
        let plain = try predict(scene.image, by: model(), recipe("{}"))
        #expect(try predict(scene.image, by: model(), one) == plain)
    }

    @Test func `probabilities come back to the voxels of the volume, whatever its spacing`() throws {
        let scene = try SyntheticScene(Extent(z: 12, y: 13, x: 14))
        let model = try model()
        let coarse = try predict(scene.image, by: model, recipe("{}"))
        let fine = try refined(scene.image)
        let found = try predict(fine, by: model, recipe(#"{"spacing":{"z":1,"y":1,"x":1}}"#))
        #expect(found.allSatisfy { (0...1.0001).contains($0) })
        // Deep inside, the mean of the eight is near the coarse voxel.
        let extent = scene.image.header.extent, large = fine.header.extent
        var errors: [Float] = []
        for z in 2..<10 {
            for y in 2..<11 {
                for x in 2..<12 {
                    let small = coarse[(z * extent.y + y) * extent.x + x]
                    var mean: Float = 0
                    for part in 0..<8 {
                        let (fz, fy, fx) = (2 * z + part / 4, 2 * y + part / 2 % 2, 2 * x + part % 2)
                        mean += found[(fz * large.y + fy) * large.x + fx] / 8
                    }
                    errors.append(abs(mean - small))
                }
            }
        }
        let spread = (coarse.max() ?? 0) - (coarse.min() ?? 0)
        #expect(errors.reduce(0, +) / Float(errors.count) < 0.25 * spread)
    }

    @Test(arguments: [#"{"z":1.7,"y":0.8,"x":1.3}"#, #"{"z":0.6,"y":2.5,"x":1}"#])
    func `tiles and boxes give what one piece gives`(spacing: String) throws {
        let scene = try SyntheticScene(Extent(z: 31, y: 45, x: 52))
        let model = try model(), recipe = try recipe(#"{"test_time_mirror":[],"spacing":\#(spacing)}"#)
        let whole = try predict(scene.image, by: model, recipe)
        let reach = model.configuration.graph.halo
        let halo = Extent(z: (reach.z + 1) / 2 * 2, y: (reach.y + 1) / 2 * 2, x: (reach.x + 1) / 2 * 2)
        var tile = try #require(try recipe.resampling(of: scene.image.header)).extent
        for axis in Axis.allCases { tile[axis] = min((tile[axis] + 1) / 2 * 2, 40) }
        let plan = TilePlan(output: tile, halo: halo)
        #expect(try difference(predict(scene.image, by: model, recipe, plan: plan), whole) < 1e-4)
        let box = Box(origin: Voxel(z: 7, y: 11, x: 3), extent: Extent(z: 1, y: 20, x: 40))
        let part = try predict(scene.image, by: model, recipe, only: box)
        #expect(part.count { !$0.isNaN } == 2 * box.extent.voxels)
        for place in part.indices where !part[place].isNaN { #expect(part[place] == whole[place]) }
    }

    @Test func `a voxel longer than the whole axis is its mean, however long`() throws {
        let scene = try SyntheticScene(Extent(z: 1, y: 16, x: 16))
        var header = scene.image.header
        header.spacing.z = 1e-20
        let image = try InMemoryVolume(header: header, bytes: scene.image.bytes)
        let recipe = try recipe(#"{"spacing":{"z":1e12,"y":1.5,"x":1}}"#)
        #expect(try recipe.resampling(of: header)?.extent == Extent(z: 1, y: 11, x: 16))
        #expect(try predict(image, by: model(), recipe).allSatisfy { (0...1.0001).contains($0) })
    }

    @Test func `volumes of unlike spacing are learned from and predicted alike`() throws {
        let scene = try SyntheticScene(Extent(z: 24, y: 24, x: 24))
        let (image, truth) = (try refined(scene.image), try refined(scene.truth))
        let statistics = try ChannelStatistics.measure(image)
        let fine = TrainingVolume(
            name: "fine", image: image, statistics: statistics, slices: try Fixtures.slices(1, of: truth))
        let trainer = try Trainer(
            volumes: [scene.volume(1, name: "coarse"), fine, scene.volume(2, name: "again")],
            classes: ["ground", "ball"],
            recipe: recipe(#"{"base":8,"levels":2,"spacing":"common","patch":{"z":16,"y":16,"x":16}}"#),
            budget: Budget(steps: 150), engine: Engine())
        let result = try trainer.run(progress: { _ in .proceed })
        #expect(result.recipe.spacing == .fixed(Spacing()), "the median")
        let stored = try Recipe(stored: Data(#require(result.checkpoint.metadata["recipe"]).utf8))
        #expect(stored.spacing == result.recipe.spacing)
        for (image, truth) in [(scene.image, scene.truth), (image, truth)] {
            let found = try predict(image, by: result.checkpoint, stored)
            let voxels = image.header.extent.voxels
            let labels = (0..<voxels).map { found[voxels + $0] > found[$0] ? UInt8(1) : 0 }
            let (both, either) = zip(labels, truth.bytes).reduce(into: (0, 0)) { sums, pair in
                sums.0 += pair.0 == 1 && pair.1 == 1 ? 1 : 0
                sums.1 += pair.0 == 1 || pair.1 == 1 ? 1 : 0
            }
            #expect(Double(both) / Double(max(either, 1)) > 0.6)
        }
    }

    @Test func `units are converted, and spacings that make too much of a volume are refused`() throws {
        let header = VolumeHeader(
            extent: Extent(z: 10, y: 10, x: 10), element: .uint8,
            spacing: Spacing(z: 2, y: 1, x: 1, unit: "micrometer"))
        let same = try recipe(#"{"spacing":{"z":0.002,"y":0.001,"x":0.001,"unit":"mm"}}"#)
        #expect(try same.resampling(of: header) == nil)
        let half = try recipe(#"{"spacing":{"z":0.001,"y":0.001,"x":0.002,"unit":"mm"}}"#)
        #expect(try half.resampling(of: header)?.extent == Extent(z: 20, y: 10, x: 5))
        for spacing in [#"{"z":1e-12,"y":1e-12,"x":1e-12}"#, #"{"z":90,"y":90,"x":90}"#] {
            let error = #expect(throws: TrainingError.self) {
                try recipe(#"{"spacing":\#(spacing)}"#).resampling(of: header)
            }
            #expect("\(String(describing: error))".contains("64 times"))
        }
        #expect(throws: TrainingError.self) { try recipe(#"{"spacing":"median"}"#) }
        #expect(throws: TrainingError.self) { try recipe(#"{"spacing":{"z":1,"y":1}}"#) }
    }

    @Test func `the recipe of a large volume is that of what the network sees of it`() throws {
        let header = VolumeHeader(
            extent: Extent(z: 12, y: 240, x: 240), element: .uint8, spacing: Spacing(z: 5, y: 0.5, x: 0.5))
        let resolved = try recipe(#"{"spacing":{"z":1,"y":1,"x":1}}"#).resolved(for: [header], classes: 2)
        #expect(resolved.kernels.value == [[3, 3, 3], [3, 3, 3], [3, 3, 3]], "60×120×120 voxels that are cubes")
        #expect(try recipe("{}").resolved(for: [header], classes: 2).kernels != resolved.kernels)
    }
}
