import Foundation
import Network
import Tensors
import Testing
import Training
import Volumes

@Suite(.serialized) struct PredictorTests {
    private func model(_ padding: UNetConfiguration.Padding = .same, levels: Int = 2) throws -> Checkpoint {
        var random = Random(seed: 3)
        let configuration = UNetConfiguration(
            channels: 1, classes: 2, base: 16, levels: levels, padding: padding, normalization: .batch)
        return try Checkpoint(network: UNet(configuration, using: &random), step: 0)
    }

    private func recipe(_ statistics: Network.BatchNormStatistics) -> Recipe {
        var recipe = Preset.default.recipe
        recipe.statistics = .fixed(statistics)
        return recipe
    }

    private func difference(_ one: [Float], _ other: [Float]) -> Float {
        zip(one, other).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test func `tiles whose halo covers the receptive field give what one piece gives`() throws {
        let scene = try SyntheticScene(Extent(z: 30, y: 37, x: 50))
        let model = try model()
        let reach = model.configuration.graph.halo
        let halo = Extent(z: (reach.z + 1) / 2 * 2, y: (reach.y + 1) / 2 * 2, x: (reach.x + 1) / 2 * 2)
        let whole = try scene.predict(Predictor(model: model, recipe: recipe(.running), engine: Engine()))
        let plan = TilePlan(output: Extent(z: 30, y: 28, x: 28), halo: halo)
        let tiled = try scene.predict(
            Predictor(model: model, recipe: recipe(.running), engine: Engine(), plan: plan))
        #expect(difference(whole.probabilities, tiled.probabilities) < 1e-4)
        #expect(whole.labels.bytes.count { $0 == 255 } == 0)
    }

    @Test func `numbers of any size are learned and predicted as their small differences`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let small = try scene.stored(as: .float32) { Float($0) * 0.125 }
        let others = [
            try scene.stored(as: .float32) { 1e5 + Float($0) * 0.125 },
            try scene.stored(as: .int32) { (1 << 28) + Int32($0) },
            try scene.stored(as: .float64) { 1e8 + Double($0) * 0.125 },
            try scene.stored(as: .float64) { -3e-7 + Double($0) * 1e-9 },
        ]
        func probabilities(_ scene: SyntheticScene) throws -> [Float] {
            let recipe = try Recipe(json: Data(#"{"base":16,"levels":2,"patch":{"z":16,"y":16,"x":16}}"#.utf8))
            let trainer = try Trainer(
                volumes: [scene.volume(1)], classes: ["ground", "ball"], recipe: recipe, budget: Budget(steps: 8),
                engine: Engine())
            let result = try trainer.run(progress: { _ in .proceed })
            return try scene.predict(
                Predictor(model: result.checkpoint, recipe: result.recipe, engine: Engine())
            ).probabilities
        }
        let expected = try probabilities(small)
        for other in others { #expect(try difference(probabilities(other), expected) < 1e-4) }
    }

    @Test func `three levels have no seams, as the planned halo covers what they see`() throws {
        let scene = try SyntheticScene(Extent(z: 16, y: 40, x: 200))
        let model = try model(levels: 3)
        let network = model.configuration.graph
        let plan = TilePlan(
            volume: scene.image.header.extent, network: network, memory: 20 * network.parameterCount + 25_000_000)
        #expect(plan.output.x < 200)
        #expect(plan.halo.x >= network.halo.x)
        let whole = try scene.predict(Predictor(model: model, recipe: recipe(.running), engine: Engine()))
        let tiled = try scene.predict(
            Predictor(model: model, recipe: recipe(.running), engine: Engine(), plan: plan))
        #expect(difference(whole.probabilities, tiled.probabilities) < 1e-4)
    }

    @Test func `valid padding has no seams at all`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 22, x: 34))
        let model = try model(.valid)
        let whole = try scene.predict(Predictor(model: model, recipe: recipe(.running), engine: Engine()))
        let plan = TilePlan(output: Extent(z: 12, y: 12, x: 12), halo: Extent(z: 0, y: 0, x: 0))
        let tiled = try scene.predict(
            Predictor(model: model, recipe: recipe(.running), engine: Engine(), plan: plan))
        #expect(difference(whole.probabilities, tiled.probabilities) < 1e-4)
    }

    @Test func `a slice alone is what the whole volume has there`() throws {
        let scene = try SyntheticScene(Extent(z: 24, y: 24, x: 24))
        let model = try model()
        let plan = TilePlan(output: Extent(z: 16, y: 16, x: 16), halo: Extent(z: 4, y: 4, x: 4))
        let predictor = try Predictor(model: model, recipe: recipe(.current), engine: Engine(), plan: plan)
        let whole = try scene.predict(predictor)
        let plane = Box(slice: SlicePosition(.y, 9), of: scene.image.header.extent)
        var seen = 0
        let finished = try predictor.predict(scene.image, statistics: scene.statistics, only: plane) { box, labels, _ in
            #expect(plane.contains(box))
            let expected = try whole.labels.raw(box)
            #expect(labels == expected)
            seen += box.extent.voxels
        }
        #expect(finished)
        #expect(seen == plane.extent.voxels)
    }

    @Test func `a tile is bounded by the memory, not by the volume`() throws {
        let configuration = UNetConfiguration(channels: 1, classes: 2, base: 16, levels: 3)
        for edge in [200, 400, 4000] {
            let plan = TilePlan(
                volume: Extent(z: edge, y: edge, x: edge), network: configuration.graph, memory: 1 << 28)
            #expect(plan.output.voxels < 200 * 200 * 200 / 8)
            #expect(plan.halo.z > 0)
            let pass = try InferencePass(
                UNet(zeros: configuration),
                input: Shape(
                    batch: 1, channels: 1, depth: plan.output.z, height: plan.output.y, width: plan.output.x),
                statistics: .current, engine: Engine())
            #expect(pass.byteCount < 1 << 28)
        }
        let small = TilePlan(volume: Extent(z: 50, y: 61, x: 50), network: configuration.graph, memory: 1 << 30)
        #expect(small.output == Extent(z: 52, y: 64, x: 52))
    }

    @Test func `a thin volume is cut across its long axes only`() throws {
        let configuration = UNetConfiguration(channels: 3, classes: 3, base: 32, levels: 4)
        let plan = TilePlan(
            volume: Extent(z: 64, y: 248, x: 244), network: configuration.graph, memory: 2 << 30)
        #expect(plan.output.z == 64)
        #expect(plan.halo.z == 0)
        let none = Extent(z: 0, y: 0, x: 0)
        let tiles = Tiling(
            volume: Extent(z: 64, y: 248, x: 244), output: plan.output, halo: plan.halo, margin: none,
            step: Extent(z: 8, y: 8, x: 8)
        ).tiles
        let computed = tiles.count * plan.output.voxels
        let delivered = tiles.map(\.core.extent.voxels).reduce(0, +)
        #expect(computed < 64 * 248 * 248 * 3 / 2)
        #expect(delivered == 64 * 248 * 244)
    }

    @Test(arguments: ["{}", #"{"inputs":{"smoothed":[2],"gradient":[1]}}"#, #"{"spacing":{"z":2,"y":1.5,"x":0.75}}"#])
    func `a tile needs the voxels that it names, and no others`(json: String) throws {
        let scene = try SyntheticScene(Extent(z: 33, y: 40, x: 50))
        let recipe = try Recipe(json: Data(json.utf8))
        var random = Random(seed: 3)
        let configuration = UNetConfiguration(
            channels: recipe.inputs.count, classes: 2, base: 8, levels: 2, normalization: .batch)
        let model = try Checkpoint(network: UNet(configuration, using: &random), step: 0)
        let memory = 20 * configuration.graph.parameterCount + 3_000_000
        let predictor = try Predictor(model: model, recipe: recipe, engine: Engine(), memory: memory)
        let whole = try scene.predict(predictor)
        let header = scene.image.header
        let tiles = try Predictor.tiles(
            of: scene.image, statistics: scene.statistics, model: model, recipe: recipe, memory: memory)
        #expect(tiles.count > 3)
        #expect(tiles.allSatisfy { $0.source.extent.voxels < header.extent.voxels })
        func predict(_ tile: PredictedTile) throws -> [UInt8] {
            let bytes = try scene.image.part(tile.source).raw(Box(extent: tile.source.extent))
            let part = try VolumePart(tile.source, of: header, bytes: bytes)
            var found: [UInt8] = []
            _ = try predictor.predict(part, statistics: scene.statistics, where: { $0 == tile.core }) { _, labels, _ in
                found = labels
            }
            return found
        }
        for tile in tiles { #expect(try predict(tile) == whole.labels.raw(tile.core)) }
        var less = tiles[tiles.count - 1]
        less.source.origin.x += 1
        less.source.extent.x -= 1
        #expect(throws: VolumeError.self) { try predict(less) }
    }

    @Test func `a listener can stop between tiles`() throws {
        let scene = try SyntheticScene(Extent(z: 24, y: 24, x: 24))
        let plan = TilePlan(output: Extent(z: 16, y: 16, x: 16), halo: Extent(z: 4, y: 4, x: 4))
        let predictor = try Predictor(model: model(), recipe: recipe(.running), engine: Engine(), plan: plan)
        var tiles = 0
        let finished = try predictor.predict(
            scene.image, statistics: scene.statistics, progress: { $0 > 0.3 ? .stop : .proceed },
            sink: { _, _, _ in tiles += 1 })
        #expect(!finished)
        #expect(tiles > 0 && tiles < 27)
    }

    @Test func `a volume of other channels is refused`() throws {
        let scene = try SyntheticScene(Extent(z: 8, y: 8, x: 8), channels: 2)
        let predictor = try Predictor(model: model(), recipe: recipe(.running), engine: Engine())
        #expect(throws: TrainingError.self) {
            try predictor.predict(scene.image, statistics: scene.statistics) { _, _, _ in }
        }
    }
}
