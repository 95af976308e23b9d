internal import Synchronization

/// Lets one caller compute at a time: the newest goes first, few wait for each volume, and none whose client has left.
///
/// Who looks through a volume asks for slice after slice, and wants the last one.
package final class RegionQueue: Sendable {
    private struct Caller {
        let id: Int
        let volume: Int64
        let hasLeft: @Sendable () -> Bool
        let turn: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var isBusy = false
        var last = 0
        /// Oldest first.
        var waiting: [Caller] = []
    }

    private let most: Int
    private let state = Mutex(State())

    /// At most `most` callers wait for each volume; one more, and the oldest of them gets an error.
    package init(most: Int = 4) { self.most = most }

    /// How many wait.
    package var count: Int { state.withLock { $0.waiting.count } }

    /// Computes when it is this caller's turn.
    ///
    /// - Throws: `JobError.busy` if newer callers ask for the same volume, `CancellationError` if the client has left or
    ///   the task is cancelled while it waits.
    package func turn<Value: Sendable>(
        of volume: Int64, hasLeft: @escaping @Sendable () -> Bool = { false },
        _ work: @Sendable () async throws -> Value
    ) async throws -> Value {
        let id = state.withLock { state in
            state.last += 1
            return state.last
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                enter(Caller(id: id, volume: volume, hasLeft: hasLeft, turn: $0))
            }
        } onCancel: {
            cancel(id)
        }
        defer { leave() }
        return try await work()
    }

    private func enter(_ caller: Caller) {
        let (isFirst, dropped) = state.withLock { state -> (Bool, [Caller]) in
            guard state.isBusy else {
                state.isBusy = true
                return (true, [])
            }
            state.waiting.append(caller)
            let ofVolume = state.waiting.filter { $0.volume == caller.volume }
            guard ofVolume.count > most else { return (false, []) }
            let left = ofVolume.filter { $0.hasLeft() }
            let dropped = left.isEmpty ? [ofVolume[0]] : left
            state.waiting.removeAll { waiting in dropped.contains { $0.id == waiting.id } }
            return (false, dropped)
        }
        if isFirst { return caller.turn.resume() }
        for caller in dropped { caller.turn.resume(throwing: caller.hasLeft() ? CancellationError() : JobError.busy) }
        if Task.isCancelled { cancel(caller.id) }
    }

    private func cancel(_ id: Int) {
        let caller = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
        }
        caller?.turn.resume(throwing: CancellationError())
    }

    private func leave() {
        let (next, left) = state.withLock { state -> (Caller?, [Caller]) in
            var left: [Caller] = []
            while let caller = state.waiting.popLast() {
                guard caller.hasLeft() else { return (caller, left) }
                left.append(caller)
            }
            state.isBusy = false
            return (nil, left)
        }
        for caller in left { caller.turn.resume(throwing: CancellationError()) }
        next?.turn.resume()
    }
}
