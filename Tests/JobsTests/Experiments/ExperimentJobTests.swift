import Foundation
import JSON
import Jobs
import Store
import Testing
import Training
import Volumes

@Suite(.serialized, .timeLimit(.minutes(10))) struct ExperimentJobTests {
    private func submit(
        _ fixture: TrainingFixture, _ kind: ExperimentKind, steps: Int,
        _ change: (inout ExperimentRequest) -> Void = { _ in }
    ) async throws -> JobRecord {
        var request = ExperimentRequest(kind)
        request.recipe = TrainingFixture.recipe
        request.budget = Budget(steps: steps)
        change(&request)
        return try await fixture.queue.submit(.experiment(request), to: fixture.project)
    }

    private func result(_ job: JobRecord) throws -> ExperimentResult {
        try JSONDecoder().decode(ExperimentResult.self, from: Data((job.result ?? "{}").utf8))
    }

    @Test func `cross-validation compares the paper's variants on held-out slices`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                let job = try await fixture.end(of: submit(fixture, .crossvalidate, steps: 3) { $0.folds = 2 })
                #expect(job.state == .succeeded, "\(job.error ?? "")")
                #expect(job.kind == "crossvalidate")
                let result = try result(job)
                #expect(result.series.map(\.name) == ["3D, batch norm", "3D, no norm", "2D, batch norm"])
                #expect(result.runs.count == 6)
                #expect(result.runs.allSatisfy { $0.steps == 3 && $0.voxels > 0 })
                #expect(try await fixture.store.models(project: fixture.project.id).isEmpty)
                let progress = try JSONDecoder().decode(JobProgress.self, from: Data((job.progress ?? "").utf8))
                #expect(progress.run == 6 && progress.runs == 6)
            }
        }
    }

    @Test func `the number of slices is scored on the truth, or on the slices left over`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                let sparse = try await fixture.end(of: submit(fixture, .slices, steps: 2))
                #expect(sparse.state == .succeeded, "\(sparse.error ?? "")")
                let left = try result(sparse)
                #expect(left.series[0].points.map(\.x) == [1])
                // One z slice is left over, less the lines where those learnt from cross it.
                let (rows, columns) = TrainingFixture.extent.slice(on: .z)
                #expect(left.runs[0].voxels == (rows - 1) * (columns - 1))
                try await fixture.setTruth(volume)
                let dense = try await fixture.end(of: submit(fixture, .slices, steps: 2) { $0.counts = [1, 2] })
                #expect(dense.state == .succeeded, "\(dense.error ?? "")")
                let all = try result(dense)
                #expect(all.series[0].points.map(\.x) == [1, 2])
                #expect(all.runs[0].voxels == all.runs[1].voxels)
                #expect(all.runs.map { $0.slices["z"] } == [1, 2])
            }
        }
    }

    @Test func `transfer segments each volume by the others`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let other = try await fixture.addVolume("kidney2")
            try await fixture.setTruth(other)
            try await fixture.addVolume("bare")
            try await fixture.running {
                let job = try await fixture.end(of: submit(fixture, .transfer, steps: 2))
                #expect(job.state == .succeeded, "\(job.error ?? "")")
                let result = try result(job)
                #expect(result.runs.map(\.label) == ["kidney2", "kidney2"])
                #expect(result.runs.allSatisfy { $0.voxels == TrainingFixture.extent.voxels })
            }
        }
    }

    @Test func `a cancelled experiment keeps the runs that were made`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                let job = try await submit(fixture, .crossvalidate, steps: 1_000_000) {
                    $0.variants = [.object(["name": .string("one")])]
                    $0.budget = Budget(steps: 3)
                    $0.folds = 4
                }
                for try await event in fixture.queue.events(job: job.id)
                where event.type == "progress" && event.data.contains(#""run":3"#) {
                    break
                }
                _ = try await fixture.queue.cancel(job)
                let ended = try await fixture.end(of: job)
                // The last run may have ended before the wish was seen.
                if ended.state == .cancelled {
                    let result = try result(ended)
                    #expect(result.runs.count >= 2)
                    #expect(result.warnings.contains { $0.contains("of 4 runs were done") })
                }
                #expect(ended.state.isFinal)
            }
        }
    }

    @Test func `an experiment that the queue's end interrupted goes on where it was`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            // The first run ends at once; the second goes on until it is stopped.
            let job = try await submit(fixture, .crossvalidate, steps: 40) {
                $0.variants = [.object(["name": .string("one")])]
                $0.folds = 2
            }
            try await fixture.running {
                for try await event in fixture.queue.events(job: job.id)
                where event.type == "progress" && event.data.contains(#""run":2"#) {
                    break
                }
            }
            let requeued = try await fixture.store.job(id: job.id)
            guard requeued.state == .queued else {
                #expect(requeued.state == .succeeded)
                return
            }
            let last = try await fixture.store.events(job: job.id).last?.sequence
            let successor = try await TrainingFixture(store: fixture.store)
            try await successor.running {
                var logs: [String] = []
                var runs: Set<Int> = []
                for try await event in successor.queue.events(job: job.id, after: last) {
                    if event.type == "log" { logs.append(event.data) }
                    guard event.type == "progress" else { continue }
                    let progress = try JSONDecoder().decode(JobProgress.self, from: Data(event.data.utf8))
                    if let run = progress.run { runs.insert(run) }
                }
                // The second may have ended before the experiment heard of it.
                #expect(logs.contains { $0.contains(/continuing after run [12] of 2/) })
                #expect(runs.isSubset(of: [2]))
                let ended = try await successor.end(of: job)
                #expect(ended.state == .succeeded, "\(ended.error ?? "")")
                #expect(ended.attempts == 2)
                let result = try result(ended)
                #expect(result.runs.map(\.steps) == [40, 40])
            }
        }
    }

    @Test func `warnings about labels stand in a training's result and in its report`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addVolume("kidney1")
            try await fixture.annotate(volume, .z, 1)
            try await fixture.running {
                let job = try await fixture.end(of: fixture.train(steps: 2))
                #expect(job.state == .succeeded, "\(job.error ?? "")")
                #expect(job.result?.contains("Only slices on axis z are annotated") == true)
                #expect(job.result?.contains(#"\"inside\" has only 64 annotated voxels"#) == true)
                let report = try await fixture.report("kidney1")
                for part in [
                    "Only slices on axis z", "has only 64 annotated voxels", "does not reproduce the slices", "2 steps",
                    "no held-out slice and no truth",
                ] {
                    #expect(report.warnings.contains { $0.contains(part) }, "\(part): \(report.warnings)")
                }
                #expect(report.warnings.last?.contains("no held-out slice and no truth") == true)
                try await fixture.setTruth(volume)
                let later = try await fixture.report("kidney1")
                #expect(later.warnings == Array(report.warnings.dropLast()))
            }
        }
    }
}
