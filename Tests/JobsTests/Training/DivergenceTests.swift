import Foundation
import JSON
import Jobs
import Store
import TestSupport
import Testing
import Training

/// What becomes of the job whose training's weights are no numbers any more on the way.
@Suite(.timeLimit(.minutes(10))) struct DivergenceTests {
    /// A queue whose trainings have sound weights until so many updates.
    private func fixture(_ other: TrainingFixture, breaksAfter sound: Int) -> TrainingFixture {
        TrainingFixture(store: other.store, project: other.project) { threads in
            try WatchedEngine(threads: threads, breaksAfter: sound)
        }
    }

    private func result(of job: JobRecord) throws -> JSONValue {
        try JSONValue(json: Data((job.result ?? "null").utf8))
    }

    @Test func `a training that diverges ends with what it had learned, and says so`() async throws {
        try await withTrainingFixture { plain in
            let fixture = fixture(plain, breaksAfter: 34)
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                let first = try await fixture.end(of: fixture.train(steps: 60) { $0.name = "round1" })
                #expect(first.state == .succeeded, "\(first.error ?? "")")
                #expect(first.model == "round1")
                let result = try result(of: first)
                #expect(result["ending"] == .string("diverged"))
                guard case .number(let steps) = result["steps"], case .array(let warnings) = result["warnings"] else {
                    Issue.record("there are no steps or warnings: \(first.result ?? "")")
                    return
                }
                #expect(9..<34 ~= steps)
                let warning = warnings.first {
                    if case .string(let text) = $0 { text.contains("diverged: after step 34") } else { false }
                }
                #expect(warning != nil)
                let log = try await fixture.store.events(job: first.id).filter { $0.type == "log" }.map(\.data)
                #expect(log.contains { $0.contains("warning: The training diverged") })
                let model = try await fixture.store.model(project: fixture.project.id, name: "round1")
                #expect(model.metrics == first.result)
                #expect(try await fixture.store.prediction(volume: volume.id).model == model.id)
                let second = try await fixture.end(of: fixture.train(steps: 3))
                #expect(second.state == .succeeded, "\(second.error ?? "")")
                #expect(second.result?.contains("round1, which this training starts from, is what was learned") == true)
            }
        }
    }

    @Test func `one that diverges before it has learned anything fails, and keeps nothing`() async throws {
        try await withTrainingFixture { plain in
            let fixture = fixture(plain, breaksAfter: 3)
            _ = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                let job = try await fixture.end(of: fixture.train(steps: 60))
                #expect(job.state == .failed)
                #expect(job.error?.contains("no number any more after step 3") == true)
                #expect(try await fixture.store.models(project: fixture.project.id).isEmpty)
            }
        }
    }
}
