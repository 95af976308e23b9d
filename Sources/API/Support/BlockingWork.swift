internal import Foundation

/// Threads for work that blocks (files, compression, whole volumes), so that the cooperative pool stays free to answer.
final class BlockingWork: Sendable {
    private let queue: OperationQueue

    /// At most `width` pieces of work run at a time; the others wait their turn.
    init(width: Int) {
        queue = OperationQueue()
        queue.name = "blocking work"
        queue.maxConcurrentOperationCount = max(width, 1)
    }

    /// Runs a function on one of the threads and returns what it returns.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result { try work() }) }
        }
    }
}
