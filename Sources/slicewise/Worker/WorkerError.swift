/// Why a worker can't go on with a call, a job or at all.
enum WorkerError: Error, CustomStringConvertible {
    /// The job is not this worker's any more, or its unit is over.
    case over(String)
    /// The server was not reached for so long that the job is not this worker's any more.
    case outOfReach(String)
    /// The server refuses this worker, now and later.
    case refused(String)
    /// The worker was told to stop.
    case stopping

    var description: String {
        switch self {
        case .over(let detail): detail
        case .outOfReach(let detail): "the server can't be reached: \(detail)"
        case .refused(let detail): "the server refuses this worker: \(detail)"
        case .stopping: "the worker stops"
        }
    }
}
