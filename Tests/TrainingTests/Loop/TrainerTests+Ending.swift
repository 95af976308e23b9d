import TestSupport
import Testing
import Training
import Volumes

/// What is told of the seconds that are left, by a clock that the passes of the network move.
extension TrainerTests {
    /// Seconds that pass when the network is used.
    private final class Machine {
        var seconds = 0.0
        private let costs: [WatchedEngine.Pass: Double]

        init(_ costs: [WatchedEngine.Pass: Double]) { self.costs = costs }

        func pass(_ pass: WatchedEngine.Pass) { seconds += costs[pass] ?? 0 }
    }

    private struct Run {
        var reports: [TrainingProgress]
        var finishing: [TrainingProgress]
        var result: TrainingResult
    }

    private func run(
        on machine: Machine, _ timings: StepTimings, seconds: Double, heldOut: Bool = false
    ) throws -> Run {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        var volume = try scene.volume(heldOut ? 2 : 1)
        if heldOut {
            (volume.slices, volume.heldOut) = try Holdout.fraction(0.3, seed: 1).split(
                volume.slices, volume: "scene", extent: scene.image.header.extent)
        }
        let trainer = try Trainer(
            volumes: [volume], classes: ["ground", "ball"], recipe: recipe(#""base":4,"heldout":{"patience":0}"#),
            budget: Budget(seconds: seconds), timings: timings, now: { machine.seconds },
            engine: WatchedEngine(told: machine.pass))
        var (reports, finishing): ([TrainingProgress], [TrainingProgress]) = ([], [])
        let result = try trainer.run(
            progress: {
                reports.append($0)
                return .proceed
            }, finishing: { finishing.append($0) })
        return Run(reports: reports, finishing: finishing, result: result)
    }

    @Test(arguments: [false, true])
    func `the seconds left are right within a fifth to the last step, once a training of the kind was seen`(
        heldOut: Bool
    ) throws {
        // Far less than is reckoned, a third of a step and two thirds, and more than that.
        for (forward, prediction) in [(0.05, 0.06), (0.25, 0.25)] {
            let machine = Machine([.step: 0.5, .forward: forward, .prediction: prediction])
            let timings = StepTimings()
            _ = try run(on: machine, timings, seconds: 60, heldOut: heldOut)
            let second = try run(on: machine, timings, seconds: 60, heldOut: heldOut)
            let end = second.result.seconds
            #expect(54...63 ~= end)
            for report in second.reports.dropFirst(12) {
                let (left, eta) = (end - report.seconds, try #require(report.eta))
                #expect(eta <= 60 - report.seconds + 1e-9)
                #expect(abs(eta - left) <= 0.2 * left, "\(eta) of \(left) after \(report.seconds)")
            }
        }
    }

    @Test func `what follows the last step tells how long it takes`() throws {
        let machine = Machine([.step: 0.5, .forward: 0.2, .prediction: 0.3])
        let run = try run(on: machine, StepTimings(), seconds: 60)
        #expect(run.finishing.count >= 24)
        #expect(run.finishing.allSatisfy { $0.step == run.result.steps && $0.steps == run.result.steps })
        let left = try run.finishing.map { try #require($0.eta) }
        #expect(zip(left, left.dropFirst()).allSatisfy { $0 >= $1 })
        // The volume has fewer tiles to look at than are reckoned with.
        #expect(try #require(left.last) < left[0] / 4)
    }
}
