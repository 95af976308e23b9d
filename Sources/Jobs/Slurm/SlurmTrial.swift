/// When what was submitted may be submitted once more, and how long after that was.
struct SlurmTrial {
    /// How long it waits at most.
    private static let longest = Duration.seconds(300)

    let next: ContinuousClock.Instant
    private let pause: Duration

    /// What follows from a submission now, of which the last one may have been in vain: then the pause is twice as long.
    init(after last: SlurmTrial?, _ now: ContinuousClock.Instant, shortest: Duration) {
        // A worker that has lasted for a while was no vain trial.
        let vain = last.flatMap { now - $0.next < max($0.pause, .seconds(60)) ? $0.pause : nil }
        pause = vain.map { min($0 * 2, Self.longest) } ?? shortest
        next = now + pause
    }
}
