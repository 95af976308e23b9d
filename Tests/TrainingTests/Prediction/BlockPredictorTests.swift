import Foundation
import Network
import Tensors
import Testing
import Training
import Volumes

@Suite(.serialized) struct BlockPredictorTests {
    static let networks = [
        UNetConfiguration(classes: 2, base: 4, levels: 2),
        UNetConfiguration(
            classes: 2, base: 4, levels: 3, kernels: [[1, 3, 3], [3, 3, 3], [3, 3, 3]],
            windows: [[1, 2, 2], [2, 2, 2]]),
        UNetConfiguration(classes: 2, base: 4, levels: 3, dimensions: 2),
        UNetConfiguration(classes: 2, base: 4, levels: 2, padding: .valid),
        UNetConfiguration(classes: 2, base: 12, levels: 2, normalization: .instance),
    ]

    private func model(_ configuration: UNetConfiguration) throws -> Checkpoint {
        var random = Random(seed: 3)
        return try Checkpoint(network: UNet(configuration, using: &random), step: 0)
    }

    private func recipe(_ json: String = "{}") throws -> Recipe {
        var recipe = try Recipe(json: Data(json.utf8))
        recipe.statistics = .fixed(.running)
        return recipe
    }

    /// A plan of several blocks.
    private func plan(_ scene: SyntheticScene, _ model: Checkpoint, _ recipe: Recipe) throws -> BlockPlan {
        var memory = 1 << 30
        while true {
            let plan = try BlockPlan(
                volume: scene.image.header, network: model.configuration.graph, recipe: recipe, memory: memory)
            if plan.count > 1 { return plan }
            memory = memory * 7 / 8
        }
    }

    /// K×Z×Y×X probabilities of all blocks, the last first.
    private func predict(
        _ scene: SyntheticScene, _ model: Checkpoint, _ recipe: Recipe, threads: Int
    ) throws -> [Float] {
        let extent = scene.image.header.extent
        let plan = try plan(scene, model, recipe)
        let predictor = try BlockPredictor(
            plan, model: model, recipe: recipe, engine: Engine(threads: threads, parts: BlockPredictor.parts),
            image: scene.image, statistics: scene.statistics)
        var found = [Float](repeating: .nan, count: 2 * extent.voxels)
        for number in (0..<plan.count).reversed() {
            let box = plan.box(of: number)
            let (labels, values) = try #require(try predictor.predict(block: number))
            #expect(labels.count == box.extent.voxels)
            for value in 0..<2 {
                found[value * extent.voxels..<(value + 1) * extent.voxels].withUnsafeMutableBytes { target in
                    values[value * labels.count..<(value + 1) * labels.count].withUnsafeBytes {
                        VoxelCopy.copy($0, of: box, to: target, of: Box(extent: extent), size: 4)
                    }
                }
            }
        }
        return found
    }

    private func difference(_ one: [Float], _ other: [Float]) -> Float {
        zip(one, other).reduce(0) { max($0, $1.0.isNaN || $1.1.isNaN ? .infinity : abs($1.0 - $1.1)) }
    }

    @Test(arguments: networks.indices)
    func `blocks give what one piece gives, with the same bits for any number of threads`(number: Int) throws {
        let configuration = Self.networks[number]
        let scene = try SyntheticScene(Extent(z: 16, y: 36, x: 130))
        let model = try model(configuration), recipe = try recipe(#"{"test_time_mirror":[]}"#)
        let whole = try scene.predict(Predictor(model: model, recipe: recipe, engine: Engine(threads: 1)))
        let one = try predict(scene, model, recipe, threads: 1)
        // Statistics of the tile are those of an image's part.
        if configuration.normalization != .instance {
            #expect(difference(one, whole.probabilities) < 1e-4)
        }
        let three = try predict(scene, model, recipe, threads: 3)
        #expect(three == one)
    }

    @Test(arguments: [#"{"z":1.7,"y":0.8,"x":1.3}"#, #"{"z":0.6,"y":2.5,"x":1}"#])
    func `a network that sees another spacing has no seams between blocks either`(spacing: String) throws {
        let scene = try SyntheticScene(Extent(z: 16, y: 36, x: 120))
        let model = try model(Self.networks[0])
        let recipe = try recipe(#"{"test_time_mirror":[],"spacing":\#(spacing)}"#)
        let whole = try scene.predict(Predictor(model: model, recipe: recipe, engine: Engine(threads: 1)))
        let blocks = try predict(scene, model, recipe, threads: 2)
        #expect(difference(blocks, whole.probabilities) < 1e-4)
    }

    @Test func `small volumes are seen from all sides block by block, too`() throws {
        let scene = try SyntheticScene(Extent(z: 12, y: 24, x: 110))
        let model = try model(Self.networks[0])
        let recipe = try recipe(#"{"test_time_mirror":["z","y","x"]}"#)
        let whole = try scene.predict(Predictor(model: model, recipe: recipe, engine: Engine(threads: 1)))
        let blocks = try predict(scene, model, recipe, threads: 2)
        #expect(difference(blocks, whole.probabilities) < 1e-4)
    }

    @Test func `a listener can stop within a block`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let model = try model(Self.networks[0]), recipe = try recipe()
        let plan = try BlockPlan(
            volume: scene.image.header, network: model.configuration.graph, recipe: recipe, memory: 1 << 30)
        let predictor = try BlockPredictor(
            plan, model: model, recipe: recipe, engine: Engine(threads: 1, parts: BlockPredictor.parts),
            image: scene.image, statistics: scene.statistics)
        let stopped = try predictor.predict(block: 0) { _ in false }
        #expect(stopped == nil)
        let whole = try predictor.predict(block: 0)
        #expect(whole?.labels.count == 8000)
    }
}
