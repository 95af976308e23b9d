/// The state of a job: queued → running → succeeded, failed or cancelled.
package enum JobState: String, CaseIterable, Codable, Hashable, Sendable {
    case queued, running, succeeded, failed, cancelled

    /// Whether no other state follows.
    package var isFinal: Bool { self != .queued && self != .running }
}
