internal import Foundation
internal import Jobs
internal import Network
internal import Store
internal import Synchronization
internal import Training

/// What a unit tells on a worker's machine, until it is sent, and whether it has to stop.
final class LeaseContext: UnitContext {
    private struct State {
        var report = WorkReport()
        var passed: ContinuousClock.Instant?
        var mustStop = false
        var failure: (any Error)?
    }

    /// The shortest time between two reports that count, as on a server.
    private static let interval = Duration.milliseconds(500)

    /// The newest checkpoint that was not sent yet.
    let checkpoints: AsyncStream<Data>
    private let outlet: AsyncStream<Data>.Continuation
    private let state = Mutex(State())
    private let isStopping: @Sendable () -> Bool

    /// `isStopping` says whether the worker was told to stop.
    init(isStopping: @escaping @Sendable () -> Bool) {
        self.isStopping = isStopping
        (checkpoints, outlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var verdict: Verdict {
        isStopping() || state.withLock { $0.mustStop || $0.failure != nil } ? .stop : .proceed
    }

    func report(_ progress: JobProgress) -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            state.report.progress = progress
            if let passed = state.passed, now - passed < Self.interval { return false }
            state.passed = now
            return true
        }
    }

    func add(curve points: [CurvePointRecord]) { state.withLock { $0.report.curve += points } }

    func keep(_ checkpoint: Checkpoint) { outlet.yield(checkpoint.encoded) }

    /// What was told since the last time; the newest progress again.
    func takeReport() -> WorkReport {
        state.withLock { state in
            defer { state.report.curve = [] }
            return state.report
        }
    }

    /// The server says stop: what there is is sent.
    func stop() { state.withLock { $0.mustStop = true } }

    /// The lease is lost: what there is is of no use.
    func fail(_ error: any Error) { state.withLock { if $0.failure == nil { $0.failure = error } } }

    var failure: (any Error)? { state.withLock { $0.failure } }

    /// No checkpoint follows.
    func close() { outlet.finish() }
}
