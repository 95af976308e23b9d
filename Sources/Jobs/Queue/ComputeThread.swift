internal import Foundation
internal import Synchronization

/// The executor of an actor that computes: one thread of its own, at a lower priority than the server's.
///
/// The kernels keep a team of workers for each calling thread, and the workers inherit the priority of the thread that
/// first needs them; so the priority is set before any work runs. The thread ends when the executor is released.
final class ComputeThread: SerialExecutor {
    private let queue: Queue

    /// `niceness`, 0 to 19, is added to the process's own.
    init(name: String, niceness: Int) {
        let queue = Queue()
        self.queue = queue
        let thread = Thread {
            // On Linux, priorities belong to threads, and 0 means the calling one. What it has at first is that of the thread
            // that started it, which a dispatch queue may have changed; the process's is that of its first thread.
            let which = __priority_which_t(PRIO_PROCESS.rawValue)
            _ = setpriority(which, 0, getpriority(which, id_t(getpid())) + Int32(clamping: niceness))
            while let (job, executor) = queue.next() { job.runSynchronously(on: executor) }
        }
        thread.stackSize = 8 << 20
        thread.start()
        // Before that there is nothing to name; in the thread itself the name is lost if it runs before `start` has ended.
        thread.name = name
    }

    deinit { queue.close() }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), asUnownedSerialExecutor())
    }

    /// The executor jobs that wait for the thread; kept alive until the thread has seen that it is closed.
    private final class Queue: @unchecked Sendable {
        private let gate = NSCondition()
        private var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
        private var isClosed = false

        func append(_ job: UnownedJob, _ executor: UnownedSerialExecutor) {
            gate.withLock {
                jobs.append((job, executor))
                gate.signal()
            }
        }

        func close() {
            gate.withLock {
                isClosed = true
                gate.signal()
            }
        }

        func next() -> (UnownedJob, UnownedSerialExecutor)? {
            gate.withLock {
                while jobs.isEmpty, !isClosed { gate.wait() }
                return jobs.isEmpty ? nil : jobs.removeFirst()
            }
        }
    }
}
