/// Decides when a held-out score has stopped improving.
package struct Patience: Codable, Hashable, Sendable {
    package private(set) var best: Double?
    private var since = 0

    package init() {}

    /// Adds a measurement; returns true if `limit` measurements in a row have not exceeded the best by 0.001.
    package mutating func isOver(after score: Double, limit: Int) -> Bool {
        if score > (best ?? -1) + 1e-3 {
            best = score
            since = 0
        } else {
            since += 1
        }
        return limit > 0 && since >= limit
    }
}
