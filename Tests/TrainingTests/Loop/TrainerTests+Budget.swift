import Network
import Tensors
import Testing
import Training
import Volumes

/// How many steps a budget in seconds is worth.
extension TrainerTests {
    @Test func `what is planned within seconds, and planned again, repeats the training`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let (recipe, timings) = (try recipe(), StepTimings())
        let trainer = try Trainer(
            volumes: [scene.volume(1)], classes: ["ground", "ball"], recipe: recipe,
            budget: Budget(steps: 12, seconds: 3600), timings: timings, engine: Engine())
        // The test sets the pace, not the machine: an hour seems to have room for eight steps. They turn out far faster.
        timings.note(380, of: trainer.kind)
        var losses: [Double] = []
        var planned: [Int?] = []
        let first = try trainer.run(progress: { progress in
            losses.append(progress.loss)
            planned.append(progress.steps)
            return .proceed
        })
        #expect(planned.first == 8 && planned.last == 12)
        #expect(first.steps == 12 && losses.count == 12)
        let plan = try #require(first.recipe.steps.value)
        #expect(plan.steps == 12 && !plan.isPlain)
        let again = try train([scene.volume(1)], first.recipe, Budget(seconds: 3600))
        #expect(again.losses == losses)
        #expect(again.result.recipe == first.recipe)
        #expect(try weights(again.result.checkpoint) == weights(first.checkpoint))
        let bySteps = try train([scene.volume(1)], recipe, Budget(steps: 12))
        #expect(bySteps.losses != losses)
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
        // What follows the last step takes as long as 40 / 3 of them.
        let expected = 0.97 * 60 / usual - 40.0 / 3
        #expect(planned == StepTimings.rounded(expected))
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
        /// Whether the number of steps is known after the first.
        func knows(isTimed: Bool) throws -> Bool {
            var steps: Int?
            _ = try trainer(isTimed: isTimed, Budget(seconds: 60)).run(progress: { progress in
                steps = progress.steps
                return .stop
            })
            return steps != nil
        }
        #expect(try !knows(isTimed: true))
        #expect(try knows(isTimed: false))
    }

    @Test func `a training of few steps from a model goes on from a checkpoint as if it had never stopped`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let model = try train([scene.volume(1)], recipe(), Budget(steps: 3)).result.checkpoint.weightsOnly()
        let whole = try train([scene.volume(1)], recipe(), Budget(steps: 12), start: model)
        let first = try train([scene.volume(1)], recipe(), Budget(steps: 12), start: model, stopAt: 5)
        // The model isn't needed any more.
        let rest = try train([scene.volume(1)], recipe(), Budget(steps: 12), resume: first.result.checkpoint)
        #expect(first.losses + rest.losses == whole.losses)
        let new = try train([scene.volume(1)], recipe(), Budget(steps: 12))
        #expect(new.losses != whole.losses)
    }

    @Test func `a training of one step's time takes one step`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let (losses, result) = try train([scene.volume(1)], recipe(), Budget(seconds: 0.1))
        #expect(losses.count >= 1 && result.steps == losses.count)
    }

    @Test func `a plan that was changed on the way repeats the training`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let planned = try recipe(#""seed":1,"steps":[[2,40],[9,12]]"#)
        let first = try train([scene.volume(1)], planned, Budget(seconds: 3600))
        #expect(first.result.steps == 12)
        #expect(first.result.recipe.steps == planned.steps)
        let again = try train([scene.volume(1)], first.result.recipe, Budget(steps: 100))
        #expect(again.losses == first.losses)
        let plain = try train([scene.volume(1)], recipe(), Budget(steps: 12))
        #expect(plain.losses != first.losses)
    }

    @Test func `a training that is stopped while its steps are timed goes on from there`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let recipe = try recipe()
        let budget = Budget(steps: 6, seconds: 3600)
        let early = try train([scene.volume(1)], recipe, budget, stopAt: 3)
        #expect(early.result.finished == .stopped && early.result.steps == 3)
        let whole = try train([scene.volume(1)], recipe, Budget(steps: 6))
        let stored = try Checkpoint(early.result.checkpoint.encoded)
        let later = try train([scene.volume(1)], recipe, budget, resume: stored)
        #expect(early.losses + later.losses == whole.losses)
    }
}
