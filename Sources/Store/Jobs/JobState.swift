/// Where a job is on its way: queued → running → succeeded, failed or cancelled.
package enum JobState: String, CaseIterable, Codable, Hashable, Sendable {
    case queued, running, succeeded, failed, cancelled

    /// Whether nothing follows.
    package var isFinal: Bool { self != .queued && self != .running }
}
