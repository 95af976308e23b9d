internal import Foundation
import Synchronization

/// Threads that handlers run on, so that one that computes or waits for a disk does not delay the others.
///
/// Swift's own pool has one thread for each core; on two cores two slow exports would block the whole program.
final class HandlerThreads: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var idle = 0
        var running = 0
        var isStopped = false
    }

    private let count: Int
    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    init(count: Int) {
        self.count = max(1, count)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isThreadMissing = state.withLock { state in
            state.jobs.append(job)
            guard state.idle < state.jobs.count, state.running < count else { return false }
            state.running += 1
            state.idle += 1
            return true
        }
        wakeUp.signal()
        if isThreadMissing { Thread.detachNewThread { self.run() } }
    }

    /// Ends the threads once the queue is empty.
    func stop() {
        let running = state.withLock { state in
            state.isStopped = true
            return state.running
        }
        for _ in 0..<running { wakeUp.signal() }
    }

    private func run() {
        while true {
            wakeUp.wait()
            let (job, isOver) = state.withLock { state -> (UnownedJob?, Bool) in
                if state.jobs.isEmpty, !state.isStopped { return (nil, false) }
                state.idle -= 1
                guard !state.jobs.isEmpty else {
                    state.running -= 1
                    return (nil, true)
                }
                return (state.jobs.removeFirst(), false)
            }
            if isOver { return }
            guard let job else { continue }
            job.runSynchronously(on: asUnownedTaskExecutor())
            state.withLock { $0.idle += 1 }
        }
    }
}
