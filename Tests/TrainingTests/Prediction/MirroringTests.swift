import Network
import Tensors
import Testing
import Training
import Volumes

@Suite struct MirroringTests {
    private let extent = Extent(z: 12, y: 14, x: 18)

    private func recipe(_ axes: AutoOrFixed<[Axis]>, trained: AutoOrFixed<[Axis]> = .auto) -> Recipe {
        var recipe = Preset.default.recipe
        recipe.testTimeMirror = axes
        recipe.augmentation.mirror = trained
        return recipe
    }

    private func reflections(_ recipe: Recipe, base: Int = 8, _ z: Int, _ y: Int, _ x: Int) -> [[Axis]] {
        Mirroring(recipe, base: base, of: Extent(z: z, y: y, x: x)).reflections
    }

    /// Where each voxel is after some axes were reversed.
    private func places(reversing axes: [Axis]) -> [Int] {
        var places: [Int] = []
        for z in 0..<extent.z {
            for y in 0..<extent.y {
                for x in 0..<extent.x {
                    var place = Voxel(z: z, y: y, x: x)
                    for axis in axes { place[axis] = extent[axis] - 1 - place[axis] }
                    places.append((place.z * extent.y + place.y) * extent.x + place.x)
                }
            }
        }
        return places
    }

    /// The first class' probabilities for the scene reversed along some axes, put back in order.
    private func predict(_ scene: SyntheticScene, _ recipe: Recipe, reversing axes: [Axis] = []) throws -> [Float] {
        var random = Random(seed: 5)
        let configuration = UNetConfiguration(channels: 1, classes: 2, base: 16, levels: 2)
        let model = try Checkpoint(network: UNet(configuration, using: &random), step: 0)
        let places = places(reversing: axes)
        let image = try InMemoryVolume(header: scene.image.header, bytes: places.map { scene.image.bytes[$0] })
        var values = [Float](repeating: -1, count: extent.voxels)
        let predictor = try Predictor(model: model, recipe: recipe, engine: Engine(threads: 1))
        _ = try predictor.predict(image, statistics: scene.statistics) { box, _, found in
            #expect(box.extent == extent)
            for (place, target) in places.enumerated() { values[target] = found[place] }
        }
        return values
    }

    @Test func `a prediction is the mean of those of the reversed volumes`() throws {
        let scene = try SyntheticScene(extent)
        let parts = try [[], [.x], [.z], [.x, .z]].map { try predict(scene, recipe(.fixed([])), reversing: $0) }
        let mean = try predict(scene, recipe(.fixed([.z, .x])))
        for place in mean.indices {
            #expect(abs(mean[place] - parts.reduce(0) { $0 + $1[place] } / 4) < 1e-5)
        }
        #expect(zip(mean, parts[0]).contains { abs($0 - $1) > 1e-3 }, "no network is symmetric by itself")
    }

    @Test func `a small volume is seen from all sides, a large one once`() {
        #expect(reflections(recipe(.auto), 100, 100, 100).count == 8)
        #expect(reflections(recipe(.auto), 20, 256, 256).count == 8)
        #expect(Set(reflections(recipe(.auto), 20, 256, 256)).count == 8)
        #expect(reflections(recipe(.auto), 64, 256, 257) == [[]])
        #expect(reflections(recipe(.auto), 64, 248, 244).count == 8)
        #expect(reflections(recipe(.auto), base: 16, 64, 248, 244) == [[]], "it is twice as slow")
    }

    @Test func `what training never mirrored is mirrored only on demand`() {
        #expect(reflections(recipe(.auto, trained: .fixed([.y])), 10, 10, 10) == [[], [.y]])
        #expect(reflections(recipe(.fixed([.z]), trained: .fixed([])), 1024, 1024, 1024) == [[], [.z]])
        #expect(reflections(recipe(.fixed([])), 10, 10, 10) == [[]])
    }

    @Test func `an axis that the network can't see along is not mirrored`() {
        var plane = recipe(.auto)
        plane.dimensions = 2
        #expect(reflections(plane, 10, 10, 10).count == 4)
        #expect(reflections(recipe(.auto), 1, 10, 10).count == 4)
    }
}
