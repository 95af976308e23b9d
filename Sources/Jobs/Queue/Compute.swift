internal import Network

/// Runs computations one after another on a thread of its own, with one engine.
///
/// The calls block that thread, never the pool that serves requests.
actor Compute {
    private let thread: ComputeThread
    private let makeEngine: @Sendable () throws -> any ComputeEngine
    private var engine: (any ComputeEngine)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(on thread: ComputeThread, makeEngine: @escaping @Sendable () throws -> any ComputeEngine) {
        self.thread = thread
        self.makeEngine = makeEngine
    }

    /// Runs blocking work with the engine, which is made on this thread when first needed.
    func perform<Value: Sendable>(_ work: @Sendable (any ComputeEngine) throws -> Value) throws -> Value {
        if let engine { return try work(engine) }
        let made = try makeEngine()
        engine = made
        return try work(made)
    }
}
