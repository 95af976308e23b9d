internal import Network
internal import Training
internal import Volumes

/// Runs computations one after another on a thread of its own, with one engine.
///
/// The calls block that thread, never the pool that serves requests.
actor Compute {
    private let thread: ComputeThread
    private let makeEngine: @Sendable () throws -> any ComputeEngine
    private var engine: (any ComputeEngine)?
    /// The predictor of the last tile, as planning takes longer than a small tile does.
    private var kept: (model: PredictionUnit.Model, predictor: Predictor)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(on thread: ComputeThread, makeEngine: @escaping @Sendable () throws -> any ComputeEngine) {
        self.thread = thread
        self.makeEngine = makeEngine
    }

    /// Runs blocking work with the engine, which is made on this thread when first needed.
    func perform<Value: Sendable>(_ work: @Sendable (any ComputeEngine) throws -> Value) throws -> Value {
        kept = nil
        return try work(try readyEngine())
    }

    /// Predicts a volume or a tile; whether it was predicted whole.
    ///
    /// After a tile what it takes to predict another one by the same model, up to the memory of a tile, is kept until
    /// there is other work, or `rest`.
    func predict(
        _ unit: PredictionUnit, progress: @Sendable (Double) -> Verdict,
        sink: @Sendable (_ box: Box, _ labels: [UInt8], _ probabilities: [Float]) throws -> Void
    ) throws -> Bool {
        let model = unit.model
        if kept?.model != model { kept = nil }
        let predictor = try kept?.predictor ?? unit.makePredictor(on: try readyEngine())
        kept = unit.tile == nil ? nil : (model, predictor)
        defer { if kept == nil { Allocator.releaseFreeMemory() } }
        return try unit.run(by: predictor, progress: progress, sink: sink)
    }

    /// Gives back the memory that is kept for the next tile.
    func rest() {
        guard kept != nil else { return }
        kept = nil
        Allocator.releaseFreeMemory()
    }

    private func readyEngine() throws -> any ComputeEngine {
        if let engine { return engine }
        let made = try makeEngine()
        engine = made
        return made
    }
}
