internal import Synchronization

/// Limits how often an address may send invalid tokens.
///
/// Valid tokens are accepted all the same: they can't be guessed, and behind a proxy all clients share one address.
final class FailedTokens: Sendable {
    /// The attempts that an address has left.
    private struct Allowance {
        var attempts: Double
        var time: ContinuousClock.Instant
    }

    /// The attempts allowed at once; afterwards one per interval.
    static let attempts = 10
    private static let interval = Duration.seconds(6)
    private static let addresses = 4096

    private let allowances = Mutex<[String: Allowance]>([:])

    /// Counts a failure.
    ///
    /// - Returns: Seconds to wait if there were too many failures.
    func note(_ address: String, at now: ContinuousClock.Instant = .now) -> Int? {
        allowances.withLock { allowances in
            var mine = allowances[address] ?? Allowance(attempts: Double(Self.attempts), time: now)
            mine.attempts = min(Double(Self.attempts), mine.attempts + (now - mine.time) / Self.interval)
            mine.time = now
            defer { allowances[address] = mine }
            guard mine.attempts < 1 else {
                mine.attempts -= 1
                if allowances.count >= Self.addresses { Self.forget(in: &allowances, at: now) }
                return nil
            }
            return Int(((1 - mine.attempts) * (Self.interval / .seconds(1))).rounded(.up))
        }
    }

    /// Removes addresses with all attempts available again; removes all addresses if too many remain.
    private static func forget(in allowances: inout [String: Allowance], at now: ContinuousClock.Instant) {
        allowances = allowances.filter { $0.value.attempts + (now - $0.value.time) / interval < Double(attempts) }
        if allowances.count >= addresses { allowances = [:] }
    }
}
