internal import Foundation
internal import Synchronization

/// Threads for work that blocks (files, compression, whole volumes), so that the cooperative pool stays free to answer.
package final class BlockingWork: Sendable {
    private let queue: OperationQueue

    /// At most `width` pieces of work run at a time; the others wait their turn.
    package init(width: Int) {
        queue = OperationQueue()
        queue.name = "blocking work"
        queue.maxConcurrentOperationCount = max(width, 1)
    }

    /// Runs a function on one of the threads and returns what it returns.
    ///
    /// When the task is cancelled, as a server that stops does in the end, nobody waits for it any longer: it isn't begun,
    /// or goes on alone and what it returns is dropped.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let reply = Reply<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard reply.expect(by: continuation) else { return }
                queue.addOperation {
                    if !reply.isGiven { reply.give(Result { try work() }) }
                }
            }
        } onCancel: {
            reply.give(.failure(CancellationError()))
        }
    }

    /// What somebody waits for; the first answer counts.
    private final class Reply<Value: Sendable>: Sendable {
        private enum State {
            case open
            case expected(CheckedContinuation<Value, any Error>)
            case given
        }

        private let state = Mutex(State.open)

        var isGiven: Bool {
            state.withLock { if case .given = $0 { true } else { false } }
        }

        /// `false` where the task was cancelled before; the continuation has its answer then.
        func expect(by continuation: CheckedContinuation<Value, any Error>) -> Bool {
            let isOpen = state.withLock { state in
                guard case .open = state else { return false }
                state = .expected(continuation)
                return true
            }
            if !isOpen { continuation.resume(throwing: CancellationError()) }
            return isOpen
        }

        func give(_ result: Result<Value, any Error>) {
            let continuation: CheckedContinuation<Value, any Error>? = state.withLock { state in
                defer { state = .given }
                if case .expected(let continuation) = state { return continuation }
                return nil
            }
            continuation?.resume(with: result)
        }
    }
}
