internal import Synchronization

/// Lines for the log of a job, until they are sent.
final class JobLines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    /// Those that were added since the last time; `nil` if there are none.
    func take() -> [String]? {
        lines.withLock { lines in
            defer { lines = [] }
            return lines.isEmpty ? nil : lines
        }
    }

    /// Keeps for the next time what was taken and not sent.
    func putBack(_ taken: [String]?) { lines.withLock { $0 = (taken ?? []) + $0 } }
}
