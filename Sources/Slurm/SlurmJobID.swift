/// By what Slurm knows a job, or a task of an array of jobs, and what scancel takes: `4711`, `4711_3`.
package struct SlurmJobID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Its number; of a task, that of the array.
    package var job: Int
    /// The number of the task in its array; `nil` outside of arrays.
    package var task: Int?

    package init(_ job: Int, task: Int? = nil) {
        self.job = job
        self.task = task
    }

    /// Reads what `description` gives; `nil` if it is something else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let job = Int(parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(job)
            return
        }
        guard let task = Int(parts[1]) else { return nil }
        self.init(job, task: task)
    }

    /// Reads what squeue has in a line: a job, a task, or the tasks of an array that wait, `4711_[0-3,7,8-20:4%2]`; none if
    /// it is something else.
    static func list(_ text: Substring) -> [SlurmJobID] {
        let parts = text.split(separator: "_", maxSplits: 1)
        guard parts.count == 2, parts[1].first == "[", let job = Int(parts[0]) else {
            return SlurmJobID(text).map { [$0] } ?? []
        }
        return parts[1].dropFirst().prefix { $0 != "]" && $0 != "%" }.split(separator: ",").flatMap { range in
            let numbers = range.split { $0 == "-" || $0 == ":" }.compactMap { Int($0) }
            guard let first = numbers.first else { return [SlurmJobID]() }
            let (last, step) = (numbers.dropFirst().first ?? first, max(numbers.dropFirst(2).first ?? 1, 1))
            return stride(from: first, through: last, by: step).map { SlurmJobID(job, task: $0) }
        }
    }

    package var description: String { task.map { "\(job)_\($0)" } ?? "\(job)" }

    package static func < (one: Self, other: Self) -> Bool {
        (one.job, one.task ?? 0) < (other.job, other.task ?? 0)
    }
}
