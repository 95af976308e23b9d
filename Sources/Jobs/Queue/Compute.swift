internal import Network
internal import Tensors

/// Runs computations one after another on a thread of its own, with one engine.
///
/// The calls block that thread, never the pool that serves requests.
actor Compute {
    private let thread: ComputeThread
    private let threads: Int?
    private var engine: (any ComputeEngine)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// `threads` is the engine's count; `nil` is one per core.
    init(on thread: ComputeThread, threads: Int?) {
        self.thread = thread
        self.threads = threads
    }

    /// Runs blocking work with the engine, which is made on this thread when first needed.
    func perform<Value: Sendable>(_ work: @Sendable (any ComputeEngine) throws -> Value) throws -> Value {
        if let engine { return try work(engine) }
        let made = try Engine(threads: threads)
        engine = made
        return try work(made)
    }
}
