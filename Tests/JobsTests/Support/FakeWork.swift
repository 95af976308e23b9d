import Foundation
import JSON
import Jobs
import Store
import Synchronization
import Training

/// Work that does one step for each that the test hands out, and then what the test says; it never sleeps.
final class FakeWork: JobWork {
    /// What the work does next.
    enum Step: Sendable {
        /// Notes progress and goes on.
        case step
        /// Saves a checkpoint that holds this text.
        case save(String)
        case succeed
        case fail(String)
        case crash
    }

    /// Something that has happened, for the test to wait for.
    enum Happening: Equatable, Sendable {
        /// A job has begun; the text is of the checkpoint it goes on from.
        case began(Int64, resuming: String?)
        case stepped(Int)
        case ended
    }

    let store: Store
    let happenings: AsyncStream<Happening>
    private let told: AsyncStream<Happening>.Continuation
    private let steps = Mutex<AsyncStream<Step>.Continuation?>(nil)
    private let waiting = Mutex<[Step]>([])

    init(store: Store) {
        self.store = store
        (happenings, told) = AsyncStream<Happening>.makeStream()
    }

    /// Lets the running job (or the next) do a step.
    func allow(_ step: Step) {
        let continuation = steps.withLock { $0 }
        if let continuation { continuation.yield(step) } else { waiting.withLock { $0.append(step) } }
    }

    func prepare(_ request: JobRequest, project: ProjectRecord) async throws -> JobRequest { request }

    func run(_ context: JobContext) async throws -> JobOutcome {
        let (stream, continuation) = AsyncStream<Step>.makeStream()
        steps.withLock { $0 = continuation }
        defer {
            steps.withLock { $0 = nil }
            told.yield(.ended)
        }
        for step in waiting.withLock({ exchange(&$0) }) { continuation.yield(step) }
        let checkpoint = try await store.checkpoint(job: context.job.id).map { String(decoding: $0, as: UTF8.self) }
        told.yield(.began(context.job.id, resuming: checkpoint))
        var count = 0
        for await step in stream {
            switch context.stopRequest {
            case .proceed: break
            case .cancel: return .cancelled(model: nil)
            case .interrupt:
                context.save(checkpoint: Data("step \(count)".utf8))
                return .interrupted
            }
            switch step {
            case .step:
                count += 1
                var progress = JobProgress(phase: .training)
                progress.step = count
                context.report(progress)
                told.yield(.stepped(count))
            case .save(let text): context.save(checkpoint: Data(text.utf8))
            case .succeed: return .succeeded(model: nil, result: .object(["steps": .number(Double(count))]))
            case .fail(let message): throw JobError.failed(message)
            case .crash: throw CocoaError(.fileNoSuchFile)
            }
        }
        return .interrupted
    }

    private func exchange(_ steps: inout [Step]) -> [Step] {
        defer { steps = [] }
        return steps
    }
}
