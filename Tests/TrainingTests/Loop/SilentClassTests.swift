import Foundation
import Network
import Tensors
import Testing
import Training
import Volumes

@Suite struct SilentClassTests {
    private let scene: SyntheticScene
    private let recipe: Recipe

    init() throws {
        scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        recipe = try Recipe(json: Data(#"{"base":4,"levels":2,"patch":{"z":16,"y":16,"x":16},"seed":1}"#.utf8))
    }

    private func train(_ volume: TrainingVolume, start: Checkpoint? = nil) throws -> TrainingResult {
        try Trainer(
            volumes: [volume], classes: ["ground", "ball", "rare"], recipe: recipe, budget: Budget(steps: 4),
            start: start, engine: Engine()
        ).run(progress: { _ in .proceed })
    }

    private func shares(_ result: TrainingResult) throws -> [Float] {
        let predictor = try Predictor(model: result.checkpoint, recipe: result.recipe, engine: Engine())
        let (labels, probabilities) = try scene.predict(predictor, classes: 3)
        #expect(labels.bytes.allSatisfy { $0 < 3 })
        return Array(probabilities.suffix(scene.image.header.extent.voxels))
    }

    @Test func `a class that was never annotated is never predicted, until it is annotated`() throws {
        let first = try train(scene.volume(1))
        #expect(try shares(first).allSatisfy { $0 < 1e-30 })
        // A training that goes on from there leaves it as it is, and gives it a voice once it has labels.
        #expect(try shares(train(scene.volume(1), start: first.checkpoint)).allSatisfy { $0 < 1e-30 })
        var rare = try scene.volume(1)
        for place in 0..<40 { rare.slices[0].values[place] = 2 }
        let second = try train(rare, start: first.checkpoint)
        #expect(try shares(second).allSatisfy { $0 > 1e-6 })
        // Later trainings without such labels don't take it away.
        #expect(try shares(train(scene.volume(1), start: second.checkpoint)).contains { $0 > 1e-6 })
    }
}
