package import Foundation
package import Store
internal import Synchronization
package import Training

/// What the work of a running job tells the queue, and what the queue wants of it; callable from any thread.
package final class JobContext: Sendable {
    /// What the queue wants of the work.
    package enum StopRequest: Sendable {
        case goOn
        /// The user cancelled: keep what is there and return `.cancelled`.
        case cancel
        /// The server stops: save a checkpoint and return `.interrupted`; the job goes on at the next start.
        case interrupt
    }

    /// Something to be written to the database, in order.
    enum Note: Sendable {
        case progress(JobProgress)
        case log(String)
        case checkpoint(Data)
        case curve([CurvePointRecord])
    }

    private struct State {
        var stopRequest = StopRequest.goOn
        var rateLimiter: RateLimiter
        /// The newest progress that was held back by the throttle.
        var pending: JobProgress?
    }

    package let job: JobRecord
    let notes: AsyncStream<Note>
    private let outlet: AsyncStream<Note>.Continuation
    private let state: Mutex<State>

    package init(job: JobRecord, interval: Duration = .milliseconds(500)) {
        self.job = job
        (notes, outlet) = AsyncStream<Note>.makeStream()
        state = Mutex(State(rateLimiter: RateLimiter(interval: interval)))
    }

    /// What the queue wants now; to be looked at once per step.
    package var stopRequest: StopRequest { state.withLock { $0.stopRequest } }

    /// The same as the trainer and the predictor ask for it.
    package var verdict: Verdict {
        switch stopRequest {
        case .goOn: .goOn
        case .cancel, .interrupt: .stop
        }
    }

    /// Notes how far the work is; of many reports in a short time only some are passed on, and then it returns true.
    @discardableResult
    package func report(_ progress: JobProgress) -> Bool {
        let passes = state.withLock { state in
            guard state.rateLimiter.passes(at: .now) else {
                state.pending = progress
                return false
            }
            state.pending = nil
            return true
        }
        if passes { outlet.yield(.progress(progress)) }
        return passes
    }

    /// Adds a line to the job's log.
    package func log(_ message: String) { outlet.yield(.log(message)) }

    /// Keeps bytes to go on from after an interruption.
    package func save(checkpoint: Data) { outlet.yield(.checkpoint(checkpoint)) }

    /// Adds points to the job's learning curve.
    package func add(curve points: [CurvePointRecord]) {
        if !points.isEmpty { outlet.yield(.curve(points)) }
    }

    func cancel() { state.withLock { $0.stopRequest = .cancel } }

    /// A cancellation by the user stays one.
    func interrupt() { state.withLock { if $0.stopRequest == .goOn { $0.stopRequest = .interrupt } } }

    /// Passes on what was held back and ends `notes`.
    func close() {
        if let pending = state.withLock({ $0.pending.take() }) { outlet.yield(.progress(pending)) }
        outlet.finish()
    }
}
