package import Foundation
package import Store
internal import Synchronization
package import Training

/// Connects the work of a running job with the queue: reports one way, stop requests the other; for any thread.
package final class JobContext: Sendable {
    /// Whether the work has to stop, and why.
    package enum StopRequest: Sendable {
        case proceed
        /// The user cancelled the job: store the results so far and return `.cancelled`.
        case cancel
        /// The server stops: save a checkpoint and return `.interrupted`; the job is resumed at the next start.
        case interrupt
    }

    /// A report to be written to the database, in order.
    enum Note: Sendable {
        case progress(JobProgress)
        case log(String)
        case checkpoint(Data)
        case curve([CurvePointRecord])
    }

    private struct State {
        var stopRequest = StopRequest.proceed
        var rateLimiter: RateLimiter
        /// The newest progress held back by the rate limit.
        var pending: JobProgress?
        var shared: SharedPrediction?
    }

    package let job: JobRecord
    /// The hold of the worker that computes the job; `nil` if this process does.
    let lease: Lease?
    /// Of a unit: that of its job, while it runs.
    let whole: @Sendable () -> JobContext?
    /// Has the queue look for jobs that wait.
    let tellQueue: @Sendable () -> Void
    /// Yields at the beginning, and whenever a unit of the job has ended or the job has to stop; for one reader.
    let wakeUps: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    let notes: AsyncStream<Note>
    private let outlet: AsyncStream<Note>.Continuation
    private let state: Mutex<State>

    package convenience init(job: JobRecord, interval: Duration = .milliseconds(500)) {
        self.init(job: job, interval: interval, lease: nil)
    }

    init(
        job: JobRecord, interval: Duration, lease: Lease?, whole: @escaping @Sendable () -> JobContext? = { nil },
        tellQueue: @escaping @Sendable () -> Void = {}
    ) {
        self.job = job
        self.lease = lease
        self.whole = whole
        self.tellQueue = tellQueue
        (wakeUps, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        waker.yield()
        (notes, outlet) = AsyncStream<Note>.makeStream()
        state = Mutex(State(rateLimiter: RateLimiter(interval: interval)))
    }

    /// Whether the work has to stop; to be checked once per step.
    package var stopRequest: StopRequest { state.withLock { $0.stopRequest } }

    /// The same in the form that the trainer and the predictor take.
    package var verdict: Verdict {
        switch stopRequest {
        case .proceed: .proceed
        case .cancel, .interrupt: .stop
        }
    }

    /// Reports progress; at most one report per interval is passed on, and then it returns true.
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

    /// The prediction whose tiles are units of the job now.
    var shared: SharedPrediction? { state.withLock { $0.shared } }

    func share(_ prediction: SharedPrediction?) { state.withLock { $0.shared = prediction } }

    /// Adds a line to the job's log; of a unit, to that of its job.
    package func log(_ message: String) {
        if let whole = whole() {
            whole.log("\(job.kind == TrialWork.kind ? "run" : job.kind) \((job.number ?? 0) + 1): \(message)")
        } else {
            outlet.yield(.log(message))
        }
    }

    /// Stores a checkpoint to resume from after an interruption.
    package func save(checkpoint: Data) { outlet.yield(.checkpoint(checkpoint)) }

    /// Adds points to the job's learning curve.
    package func add(curve points: [CurvePointRecord]) {
        if !points.isEmpty { outlet.yield(.curve(points)) }
    }

    func cancel() {
        state.withLock { $0.stopRequest = .cancel }
        wake()
    }

    /// A cancellation by the user is not overridden.
    func interrupt() {
        state.withLock { if $0.stopRequest == .proceed { $0.stopRequest = .interrupt } }
        wake()
    }

    func wake() { waker.yield() }

    /// Passes on the progress that was held back and ends `notes`.
    func close() {
        if let pending = state.withLock({ $0.pending.take() }) { outlet.yield(.progress(pending)) }
        outlet.finish()
    }
}
