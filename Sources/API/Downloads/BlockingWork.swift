internal import Foundation
internal import Synchronization

/// Threads for work that blocks (files, compression, whole volumes), which keeps the cooperative pool free.
package final class BlockingWork: Sendable {
    private let queue: OperationQueue

    /// At most `width` functions run at a time; the others wait.
    package init(width: Int) {
        queue = OperationQueue()
        queue.name = "blocking work"
        queue.maxConcurrentOperationCount = max(width, 1)
    }

    /// Runs a function on one of the threads and returns what it returns.
    ///
    /// When the task is cancelled, as when the server stops, the wait ends at once: a waiting function is not started,
    /// and the result of a running one is dropped.
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

    /// A pending result; only the first one counts.
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

        /// `false` if the task was cancelled before; the continuation is then already resumed.
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
