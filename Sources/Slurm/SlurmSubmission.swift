/// What sbatch is asked for: a job, or an array of jobs that differ in their numbers only, or not at all.
package struct SlurmSubmission: Hashable, Sendable {
    /// The number of the job that is to be computed; of an array, that of the job that task 0 computes, or would.
    package var work: Int64
    /// The number of the job that people know: of a run, its experiment's.
    package var whole: Int64
    /// The tasks of an array, in ascending order, each of which computes the job whose number is so much above `work`;
    /// none for a single job.
    package var tasks: [Int]
    /// Whether it, or each task, computes tiles of `work` only.
    package var isHelper: Bool
    package var options: [String]
    package var script: String

    /// What follows the number of the job in the comments of helpers.
    static let helperMark = "/tiles"

    /// What its comment says after the server's tag.
    var mark: String { "\(work)\(isHelper ? Self.helperMark : "")" }

    var name: String { "slicewise-\(whole)\(isHelper ? "-tiles" : "")" }

    /// The flag that makes it an array: `--array=0-3,7`.
    var array: [String] {
        guard !tasks.isEmpty else { return [] }
        let ranges = RangeSet(tasks.map { $0..<$0 + 1 }).ranges.map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound - 1)"
        }
        return ["--array=\(ranges.joined(separator: ","))"]
    }
}
