import Foundation
import Network
import Synchronization
import Tensors
import TestSupport
import Testing
import Training
import Volumes

/// Several processes that train one network; here they are threads.
extension TrainerTests {
    private struct Outcome {
        var losses: [Double]
        var steps: Int
        var weights: [Float]
        var heldOutIoU: Double?
        var checkpoint: Checkpoint
    }

    /// What each rank ends with; `pace` is how fast the clock of a rank runs.
    private func train(
        ranks count: Int, _ budget: Budget, resume: Checkpoint? = nil, stopAt: Int = .max,
        pace: @escaping @Sendable (Int) -> Double = { _ in 1 }
    ) async throws -> [Outcome] {
        let recipe = try recipe()
        return try await ThreadRanks(count).run { ranks in
            let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
            let slices = try Fixtures.slices(2, of: scene.truth)
            let volume = TrainingVolume(
                name: "scene", image: scene.image, statistics: scene.statistics, slices: Array(slices.dropFirst()),
                heldOut: Array(slices.prefix(1)))
            let clock = Mutex(0.0)
            let trainer = try Trainer(
                volumes: [volume], classes: ["ground", "ball"],
                recipe: recipe, budget: budget, resume: resume,
                now: {
                    clock.withLock { seconds in
                        seconds += 0.25 * pace(ranks.rank)
                        return seconds
                    }
                }, ranks: ranks, engine: RankEngine(try Engine(threads: 1), ranks))
            var losses: [Double] = []
            let result = try trainer.run(progress: { progress in
                losses.append(progress.loss)
                return progress.step >= stopAt ? .stop : .proceed
            })
            let network = try result.checkpoint.weightsOnly().makeNetwork()
            let weights = withExtendedLifetime(network) { Array(network.parameters.values) }
            return Outcome(
                losses: losses, steps: result.steps,
                weights: weights,
                heldOutIoU: result.heldOutIoU, checkpoint: result.checkpoint)
        }
    }

    @Test func `ranks end with the same weights, learned from more than one of them has drawn`() async throws {
        let two = try await train(ranks: 2, Budget(steps: 12))
        #expect(two[0].weights == two[1].weights)
        #expect(two[0].losses == two[1].losses)
        #expect(two[0].heldOutIoU != nil && two[0].heldOutIoU == two[1].heldOutIoU)
        let alone = try await train(ranks: 1, Budget(steps: 12))
        #expect(alone[0].losses != two[0].losses)
        let again = try await train(ranks: 2, Budget(steps: 12))
        #expect(again[0].weights == two[0].weights)
    }

    @Test(arguments: 1...3) func `any number of ranks goes on from what two have kept`(count: Int) async throws {
        let kept = try await train(ranks: 2, Budget(steps: 6), stopAt: 3)
        #expect(kept[0].steps == 3 && kept[0].checkpoint.canResume)
        let outcomes = try await train(ranks: count, Budget(steps: 6), resume: kept[0].checkpoint)
        #expect(outcomes.count == count && outcomes[0].losses.count == 3)
        for outcome in outcomes { #expect(outcome.steps == 6 && outcome.weights == outcomes[0].weights) }
    }

    @Test func `all ranks go by the clock of the first`() async throws {
        let outcomes = try await train(ranks: 2, Budget(seconds: 60)) { $0 == 0 ? 1 : 7 }
        #expect(outcomes[0].steps == outcomes[1].steps)
        #expect(outcomes[0].weights == outcomes[1].weights)
    }
}
