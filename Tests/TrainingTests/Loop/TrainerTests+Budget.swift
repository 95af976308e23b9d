import Network
import Tensors
import Testing
import Training
import Volumes

/// How many steps a budget in seconds is worth.
extension TrainerTests {
    @Test func `a budget in seconds becomes a number of steps that repeats the training`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let (recipe, timings) = (try recipe(), StepTimings())
        let trainer = try Trainer(
            volumes: [scene.volume(1)], classes: ["ground", "ball"], recipe: recipe,
            budget: Budget(steps: 1_000_000, seconds: 3600), timings: timings, engine: Engine())
        // The test sets the pace, not the machine: an hour has room for eight steps of 400 seconds.
        timings.note(400, of: trainer.kind)
        var losses: [Double] = []
        let first = try trainer.run(progress: { progress in
            losses.append(progress.loss)
            return .proceed
        })
        #expect(first.steps == 8 && losses.count == 8)
        #expect(first.recipe.steps.value == 8)
        let again = try train([scene.volume(1)], first.recipe, Budget(seconds: 3600))
        #expect(again.losses == losses)
        #expect(again.result.recipe == first.recipe)
        let bySteps = try train([scene.volume(1)], recipe, Budget(steps: 8))
        #expect(bySteps.losses == losses)
        #expect(try weights(bySteps.result.checkpoint) == weights(first.checkpoint))
    }

    @Test func `steps that are timed leave no trace in what is learned`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let timed = try train([scene.volume(1)], recipe(), Budget(steps: 6, seconds: 3600))
        let plain = try train([scene.volume(1)], recipe(), Budget(steps: 6))
        #expect(timed.losses == plain.losses)
        #expect(timed.result.recipe == plain.result.recipe)
        #expect(try weights(timed.result.checkpoint) == weights(plain.result.checkpoint))
    }

    @Test func `the rounds of a loop take the pace of the round before`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let (recipe, timings) = (try recipe(), StepTimings())
        func trainer(_ slices: Int, _ budget: Budget) throws -> Trainer {
            try Trainer(
                volumes: [scene.volume(slices)], classes: ["ground", "ball"], recipe: recipe, budget: budget,
                timings: timings, engine: Engine())
        }
        let first = try trainer(1, Budget(steps: 15))
        #expect(timings.usual(of: first.kind) == nil)
        _ = try first.run(progress: { _ in .proceed })
        let second = try trainer(2, Budget(seconds: 60))
        #expect(second.kind == first.kind)
        let usual = try #require(timings.usual(of: second.kind))
        var planned: Int?
        _ = try second.run(progress: { progress in
            planned = progress.steps
            return .stop
        })
        #expect(planned == StepTimings.rounded(0.95 * (60 / usual), finely: true))
    }

    @Test func `a training that is to be compared with others times its steps`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let (recipe, timings) = (try recipe(), StepTimings())
        func trainer(isTimed: Bool, _ budget: Budget) throws -> Trainer {
            try Trainer(
                volumes: [scene.volume(1)], classes: ["ground", "ball"], recipe: recipe, budget: budget,
                isTimed: isTimed, timings: timings, engine: Engine())
        }
        _ = try trainer(isTimed: false, Budget(steps: 15)).run(progress: { _ in .proceed })
        /// The step at which progress is told first: 0 while steps are timed.
        func first(isTimed: Bool) throws -> Int? {
            var first: Int?
            _ = try trainer(isTimed: isTimed, Budget(seconds: 60)).run(progress: { progress in
                first = progress.step
                return .stop
            })
            return first
        }
        #expect(try first(isTimed: true) == 0)
        #expect(try first(isTimed: false) == 1)
    }

    @Test func `a training that is stopped while its steps are timed goes on from there`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let recipe = try recipe()
        let budget = Budget(steps: 6, seconds: 3600)
        let early = try train([scene.volume(1)], recipe, budget, stopAt: 0)
        #expect(early.result.finished == .stopped && early.result.steps == 0)
        let whole = try train([scene.volume(1)], recipe, Budget(steps: 6))
        let stored = try Checkpoint(early.result.checkpoint.encoded)
        let later = try train([scene.volume(1)], recipe, budget, resume: stored)
        #expect(later.losses == whole.losses)
    }
}
