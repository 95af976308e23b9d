/// A job of Slurm that computes a job of this server, or tiles of one, as Slurm's list has it.
package struct SlurmJob: Hashable, Sendable {
    package var id: SlurmJobID
    /// The number of the job that it is for.
    package var work: Int64
    /// Whether it computes tiles of that job only, beside the worker that has it.
    package var isHelper: Bool
    /// Slurm's word, such as `PENDING`.
    package var state: String
    /// Why it waits or ended, in Slurm's word, such as `Priority`.
    package var reason: String?
    package var node: String?

    private static let waiting: Set = [
        "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT",
    ]
    private static let ended: Set = [
        "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED",
        "REVOKED", "TIMEOUT",
    ]

    package init(
        id: SlurmJobID, work: Int64, isHelper: Bool = false, state: String, reason: String? = nil, node: String? = nil
    ) {
        self.id = id
        self.work = work
        self.isHelper = isHelper
        self.state = state
        self.reason = reason
        self.node = node
    }

    /// Whether it waits or runs.
    package var isLive: Bool { !Self.isEnd(state) }

    /// Whether it has begun and not ended.
    package var isStarted: Bool { isLive && !Self.waiting.contains(state) }

    /// Whether a state is final.
    package static func isEnd(_ state: String) -> Bool { ended.contains(state) }

    /// The name of the worker that it starts; after Slurm has started it anew, followed by how often.
    package var worker: String { Self.worker(id) }

    package static func worker(_ id: some CustomStringConvertible) -> String { "slurm-\(id)" }

    /// Whether a worker of this name is the job's.
    package func isWorker(_ name: String?) -> Bool {
        name.map { $0 == worker || $0.hasPrefix("\(worker)-") } ?? false
    }
}
