/// Why a worker computes no more of a job, which then goes back to the queue.
enum LeaseEnd: Error {
    /// Nothing was heard of the worker for too long.
    case expired
    /// The worker stops, or the server does.
    case orderly
}
