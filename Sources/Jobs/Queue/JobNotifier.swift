internal import Synchronization

/// Wakes tasks that wait for a change of the queue or of a job; the change itself is in the database.
final class JobNotifier: Sendable {
    enum Topic: Hashable, Sendable {
        case queue
        case job(Int64)
        /// The units that a worker may have of a job.
        case lease(Int64)
    }

    private struct State {
        var waiting: [Topic: [Int: AsyncStream<Void>.Continuation]] = [:]
        var next = 0
        /// Jobs whose state is being changed, so that more events will follow.
        var busy: [Int64: Int] = [:]
    }

    private let state = Mutex(State())

    /// A stream that yields after every `notify` and ends with `close`.
    ///
    /// Several notifications between two waits count once.
    func subscribe(_ topic: Topic) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.next += 1
            state.waiting[topic, default: [:]][state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in self?.remove(topic, number) }
        return stream
    }

    func notify(_ topic: Topic) {
        let waiting = state.withLock { $0.waiting[topic].map { Array($0.values) } ?? [] }
        for continuation in waiting { continuation.yield() }
    }

    /// Ends every subscription.
    func close() {
        let all = state.withLock { $0.waiting.values.flatMap(\.values) }
        for continuation in all { continuation.finish() }
    }

    /// Marks a job as changing until `settle`.
    func occupy(_ job: Int64) {
        state.withLock { $0.busy[job, default: 0] += 1 }
    }

    func settle(_ job: Int64) {
        state.withLock { state in
            let count = (state.busy[job] ?? 1) - 1
            state.busy[job] = count > 0 ? count : nil
        }
        notify(.job(job))
    }

    func isBusy(_ job: Int64) -> Bool { state.withLock { $0.busy[job] != nil } }

    private func remove(_ topic: Topic, _ number: Int) {
        state.withLock { state in
            state.waiting[topic]?[number] = nil
            if state.waiting[topic]?.isEmpty == true { state.waiting[topic] = nil }
        }
    }
}
