import Network
import TestSupport
import Testing
import Training
import Volumes

/// What becomes of a training whose weights are no numbers any more on the way.
extension TrainerTests {
    /// A training of 60 steps, unless told otherwise, of which so many updates leave sound weights.
    private func train(
        breaksAfter sound: Int, tensor: String? = nil, _ more: String = #""norm":"instance""#, steps: Int = 60,
        heldOut: Bool = false,
        resume: Checkpoint? = nil, stopAt: Int = .max
    ) throws -> TrainingResult {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        var volume = try scene.volume(heldOut ? 2 : 1)
        if heldOut {
            (volume.slices, volume.heldOut) = try Holdout.fraction(0.3, seed: 1).split(
                volume.slices, volume: "scene", extent: scene.image.header.extent)
        }
        let trainer = try Trainer(
            volumes: [volume], classes: ["ground", "ball"], recipe: recipe(more), budget: Budget(steps: steps),
            resume: resume, engine: WatchedEngine(breaksAfter: sound, tensor: tensor))
        return try trainer.run(progress: { $0.step >= stopAt ? .stop : .proceed })
    }

    /// The weights without running statistics, which follow every forward pass.
    private func learned(_ model: Checkpoint) throws -> [Float] {
        Array(try weights(model).prefix(model.configuration.graph.parameterCount))
    }

    @Test func `a training that diverges ends with the last good weights, and says so`() throws {
        let result = try train(breaksAfter: 34)
        #expect(result.finished == .diverged)
        #expect(9..<34 ~= result.steps)
        let warning = try #require(result.warnings.first)
        #expect(warning.contains("diverged: after step 34 "))
        #expect(warning.contains("until step \(result.steps);"))
        let before = try train(breaksAfter: .max, stopAt: result.steps)
        #expect(try learned(result.checkpoint) == learned(before.checkpoint))
        #expect(result.checkpoint.step == result.steps)
        #expect(try learned(result.checkpoint.weightsOnly()) == learned(before.checkpoint))
    }

    @Test func `weights that the last update breaks are not kept either`() throws {
        let result = try train(breaksAfter: 40, steps: 40)
        #expect(result.finished == .diverged && result.steps < 40)
        #expect(try weights(result.checkpoint).allSatisfy(\.isFinite))
    }

    /// Running statistics have no part in the loss, which stays a number.
    @Test(arguments: ["encoder.0.conv1.weight", "decoder.0.conv1.weight", "encoder.0.norm0.running_var"])
    func `weights of which one tensor is broken are not taken for good ones`(tensor: String) throws {
        let result = try train(breaksAfter: 32, tensor: tensor, #""norm":"batch""#)
        #expect(result.finished == .diverged)
        #expect(result.steps < 32)
        #expect(try weights(result.checkpoint).allSatisfy(\.isFinite))
    }

    @Test(arguments: [#""norm":"batch""#, #""norm":"batch","average":{"decay":0.9}"#])
    func `running statistics and averages are those of the good weights`(recipe: String) throws {
        let result = try train(breaksAfter: 34, recipe)
        #expect(result.finished == .diverged)
        let model = try result.checkpoint.weightsOnly()
        #expect(try weights(model).allSatisfy(\.isFinite))
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let (_, probabilities) = try scene.predict(
            Predictor(model: model, recipe: result.recipe, engine: WatchedEngine()))
        #expect(probabilities.allSatisfy { 0...1 ~= $0 })
    }

    @Test(arguments: ["best", "last"])
    func `the held-out score is that of the weights that are kept`(keep: String) throws {
        let more = #""norm":"instance","heldout":{"keep":"\#(keep)","patience":0}"#
        let result = try train(breaksAfter: 34, more, heldOut: true)
        #expect(result.finished == .diverged)
        let score = try #require(result.heldOutIoU)
        if keep == "last" {
            let before = try train(breaksAfter: .max, more, steps: 60, heldOut: true, stopAt: result.steps)
            #expect(try learned(result.checkpoint) == learned(before.checkpoint))
        } else {
            #expect(score >= (result.curve.compactMap(\.heldOutIoU).max() ?? 0))
        }
    }

    @Test func `what was good before an interruption is good after it`() throws {
        let first = try train(breaksAfter: .max, stopAt: 25)
        let stored = try Checkpoint(first.checkpoint.encoded)
        let result = try train(breaksAfter: 2, resume: stored)
        #expect(result.finished == .diverged)
        #expect(9..<25 ~= result.steps)
        #expect(try #require(result.warnings.first).contains("after step 27 "))
    }

    @Test func `a training that diverges before it has learned anything fails`() throws {
        #expect(throws: TrainingError.self) { try train(breaksAfter: 5) }
    }
}
