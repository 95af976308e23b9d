internal import Synchronization

/// Remembers who presents tokens that are none, and slows them down.
///
/// Right tokens are let in all the same: nobody guesses one, and behind a proxy everybody has one address.
final class FailedTokens: Sendable {
    /// What an address may still do.
    private struct Allowance {
        var attempts: Double
        var time: ContinuousClock.Instant
    }

    /// At once, and then one in each interval.
    static let attempts = 10
    private static let interval = Duration.seconds(6)
    private static let addresses = 4096

    private let allowances = Mutex<[String: Allowance]>([:])

    /// Notes a failure.
    ///
    /// - Returns: Seconds to wait, if there were too many.
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

    /// Drops those who could do everything again; all of them where that leaves too many.
    private static func forget(in allowances: inout [String: Allowance], at now: ContinuousClock.Instant) {
        allowances = allowances.filter { $0.value.attempts + (now - $0.value.time) / interval < Double(attempts) }
        if allowances.count >= addresses { allowances = [:] }
    }
}
