package import Network
package import Store
package import Training

/// What a unit of work reports to while it is computed, and what may stop it; for any thread.
package protocol UnitContext: Sendable {
    /// Whether to go on; asked once per step.
    var verdict: Verdict { get }

    /// Reports progress; returns whether it was passed on, as only some of it is.
    @discardableResult func report(_ progress: JobProgress) -> Bool

    /// Adds points to the learning curve.
    func add(curve points: [CurvePointRecord])

    /// Keeps what an interrupted training goes on from.
    func keep(_ checkpoint: Checkpoint) throws
}
