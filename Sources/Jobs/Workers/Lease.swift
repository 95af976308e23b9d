internal import Foundation
package import Store
internal import Synchronization
internal import Volumes

/// A worker's hold of a running job: offers it the units of the job one after the other, and takes what they give.
///
/// The rest of the job is done here as if this process computed the units.
package final class Lease: UnitComputer {
    /// A unit that the worker may fetch, and what is done with what it sends.
    struct Offer: Sendable {
        let unit: WorkUnit
        let contents: WorkContents
        let grids: PredictionGrids?
        /// Returns whether the unit has to stop.
        let note: @Sendable (WorkReport) -> Bool
        let keep: @Sendable (Data) throws -> Void
        let end: CheckedContinuation<WorkResult, any Error>
    }

    struct State {
        var count = 0
        var offer: Offer?
        /// The boxes of the unit's prediction that have come.
        var parts: Set<Box> = []
        var end: LeaseEnd?
        /// How it ended, in words.
        var words: String?
        var giveBack: @Sendable () -> Void = {}
        var log: @Sendable (String) -> Void = { _ in }
    }

    package let job: JobRecord
    package let worker: WorkerDescription
    /// The `id` of the token that it came with.
    private let token: Int64?
    let clerk: LeaseClerk
    let notifier: JobNotifier
    let state = Mutex(State())

    package var attempt: Int { job.attempts }

    init(job: JobRecord, worker: WorkerDescription, token: Int64?, clerk: LeaseClerk, notifier: JobNotifier) {
        self.job = job
        self.worker = worker
        self.token = token
        self.clerk = clerk
        self.notifier = notifier
    }

    /// Whether a request of this token and attempt is the holder's.
    func isHeld(by token: Int64?, attempt: Int) -> Bool {
        self.token == token && self.attempt == attempt && state.withLock { $0.end == nil }
    }

    /// Whether the worker was not heard of for too long.
    var isExpired: Bool { state.withLock { $0.end == .expired } }

    /// Says what is done before the job gets a result with which the worker gives it back.
    func onGivingBack(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.giveBack = action } }

    /// Says what is done with the lines that the worker writes to the job's log.
    func onLog(_ action: @escaping @Sendable (String) -> Void) { state.withLock { $0.log = action } }

    /// Has every unit, also later ones, end with this error, and the worker told so.
    func end(_ reason: LeaseEnd, saying words: String? = nil) {
        let offer = state.withLock { state in
            if state.end == nil { state.end = reason }
            state.words = words ?? state.words
            return state.offer.take()
        }
        offer?.end.resume(throwing: reason)
        notifier.notify(.lease(job.id))
    }

    func nextNumber() -> Int {
        state.withLock { state in
            state.count += 1
            return state.count
        }
    }

    /// Offers a unit and waits for its result.
    func offer(
        _ unit: WorkUnit, _ contents: WorkContents, _ grids: PredictionGrids? = nil,
        note: @escaping @Sendable (WorkReport) -> Bool,
        keep: @escaping @Sendable (Data) throws -> Void = { _ in }
    ) async throws -> WorkResult {
        let result = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<WorkResult, any Error>) in
            let offer = Offer(
                unit: unit, contents: contents, grids: grids, note: note, keep: keep, end: continuation)
            let end = state.withLock { state -> LeaseEnd? in
                guard state.end == nil else { return state.end }
                (state.offer, state.parts) = (offer, [])
                return nil
            }
            if let end { return continuation.resume(throwing: end) }
            notifier.notify(.lease(job.id))
        }
        switch result.head.ending {
        case .done, .returned: return result
        case .failed: throw JobError.failed(result.head.error ?? "the worker could not do it")
        }
    }
}
