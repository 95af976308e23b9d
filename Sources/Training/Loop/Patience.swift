/// Decides when a held-out score has stopped improving.
package struct Patience: Codable, Hashable, Sendable {
    /// Measurements without a new best before it is time to stop.
    package static let limit = 8

    package private(set) var best: Double?
    private var since = 0

    package init() {}

    /// Takes a measurement; true when enough of them in a row were no better by 0.001 than the best.
    package mutating func isOver(after score: Double) -> Bool {
        if score > (best ?? -1) + 1e-3 {
            best = score
            since = 0
        } else {
            since += 1
        }
        return since >= Patience.limit
    }
}
