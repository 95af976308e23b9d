internal import Network
internal import Tensors

/// Computes one thing after another on a thread of its own, all with one engine.
///
/// The calls block that thread, never the pool that serves requests.
actor Compute {
    private let thread: ComputeThread
    private let threads: Int?
    private var engine: (any ComputeEngine)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// `threads` are those of the engine, one per core for `nil`.
    init(on thread: ComputeThread, threads: Int?) {
        self.thread = thread
        self.threads = threads
    }

    /// Does blocking work with the engine, which is made on this thread at first need.
    func perform<Value: Sendable>(_ work: @Sendable (any ComputeEngine) throws -> Value) throws -> Value {
        if let engine { return try work(engine) }
        let made = try Engine(threads: threads)
        engine = made
        return try work(made)
    }
}
