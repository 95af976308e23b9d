/// Lets one of many values through at most once per interval.
struct RateLimiter: Sendable {
    let interval: Duration
    private var last: ContinuousClock.Instant?

    init(interval: Duration) {
        self.interval = interval
    }

    /// Whether a value at this time may pass; if so, a new interval starts.
    mutating func passes(at time: ContinuousClock.Instant) -> Bool {
        if let last, time - last < interval { return false }
        last = time
        return true
    }
}
