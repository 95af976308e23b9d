import Foundation

/// The lines that a process prints, to be waited for.
final class WorkerLog: @unchecked Sendable {
    let pipe = Pipe()
    /// Guards all below.
    private let change = NSCondition()
    private var lines: [String] = []
    private var hasEnded = false

    init() {
        Thread.detachNewThread { [self] in
            var rest = Data()
            while true {
                let bytes = pipe.fileHandleForReading.availableData
                guard !bytes.isEmpty else { break }
                rest += bytes
                let parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                rest = parts.last.map { Data($0) } ?? Data()
                change.withLock {
                    lines += parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
                    change.broadcast()
                }
            }
            change.withLock {
                hasEnded = true
                change.broadcast()
            }
        }
    }

    var count: Int { change.withLock { lines.count } }

    /// The last lines, for messages.
    var tail: String { change.withLock { lines.suffix(8).joined(separator: "\n") } }

    /// Whether the worker said that it has a job, and not yet what became of that.
    func isAbout(_ job: Int) -> Bool {
        let last = change.withLock {
            lines.last { $0.hasPrefix("job \(job) ") || Self.isEnd($0, of: job) }
        }
        return last?.hasPrefix("job \(job) of ") == true
    }

    /// Whether it says that the worker has a job no more.
    static func isEnd(_ line: String, of job: Int) -> Bool {
        line.hasPrefix("job \(job):") || line.contains("job \(job) is left to others")
    }

    /// Waits for a line of a kind after so many, while it blocks; `false` if the process ends without one.
    func hasLine(after start: Int, _ isWanted: (String) -> Bool) -> Bool {
        change.withLock {
            while true {
                if lines.dropFirst(start).contains(where: isWanted) { return true }
                guard !hasEnded else { return false }
                change.wait()
            }
        }
    }
}
