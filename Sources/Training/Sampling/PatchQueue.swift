internal import Foundation
internal import Synchronization
package import Volumes

/// Prepares the next batches on a thread of its own while the network trains.
///
/// The batches and their order depend only on the random generator, not on timing.
package final class PatchQueue: Sendable {
    private final class Shared: Sendable {
        struct State {
            var ready: [Result<PreparedBatch, any Error>] = []
            var isStopped = false
        }
        let state = Mutex(State())
        /// Counts batches that are ready.
        let filled = DispatchSemaphore(value: 0)
        /// Counts free slots for batches.
        let free = DispatchSemaphore(value: 0)
    }

    private let shared: Shared

    /// Starts preparing at once; holds at most `depth` batches.
    ///
    /// With `leader`, each batch has the shape of that which a queue with this generator gives.
    package init(_ sampler: PatchSampler, batch: Int, random: Random, leader: Random? = nil, depth: Int = 2) {
        let shared = Shared()
        self.shared = shared
        let thread = Thread {
            var (random, leader) = (random, leader)
            while true {
                shared.free.wait()
                if shared.state.withLock({ $0.isStopped }) { return }
                let result = Result {
                    var shape: PatchShape?
                    if var known = leader {
                        shape = sampler.shape(ofBatch: batch, using: &known)
                        leader = known
                    }
                    return try sampler.batch(of: batch, like: shape, using: &random)
                }
                shared.state.withLock { $0.ready.append(result) }
                shared.filled.signal()
                if case .failure = result { return }
            }
        }
        thread.start()
        // Before `start` there is nothing to name, and without a free slot the thread can't have ended.
        thread.name = "patches"
        // Counted up from 0, as a semaphore must not be destroyed with less than its initial value.
        for _ in 0..<depth { shared.free.signal() }
    }

    /// Waits for the next batch; after an error every further call throws it again.
    package func next() throws -> PreparedBatch {
        shared.filled.wait()
        let result = shared.state.withLock { $0.ready.removeFirst() }
        if case .failure = result {
            shared.state.withLock { $0.ready.append(result) }
            shared.filled.signal()
        } else {
            shared.free.signal()
        }
        return try result.get()
    }

    deinit {
        shared.state.withLock { $0.isStopped = true }
        shared.free.signal()
    }
}
