/// Submits, lists and cancels jobs by Slurm's programs, which know where its controller is.
///
/// The list is read as columns: JSON differs between versions, and squeue then ignores every choice and prints the jobs of
/// the whole cluster.
package struct Slurm: Sendable {
    private static let programs = ["sbatch", "squeue", "scancel"]

    /// By what the jobs of this server are known: it stands in their comments.
    private let tag: String
    private let user: UInt32
    private let runner: any CommandRunner

    /// `tag` has letters and digits only; `user` is the number of the user whose jobs they are.
    package init(tag: String, user: UInt32, runner: some CommandRunner = ProcessRunner()) {
        self.tag = tag
        self.user = user
        self.runner = runner
    }

    private var comment: String { "slicewise/\(tag)/" }

    /// Submits a job, or an array of jobs, and returns its number.
    package func submit(_ submission: SlurmSubmission) async throws(SlurmError) -> Int {
        let output = try await sbatch(["--parsable"], submission).output
        // On several clusters the name of one follows.
        guard let id = Int(output.prefix { $0.isNumber }) else {
            throw .failed(program: "sbatch", words: "it names no job, but says \"\(output.prefix(200))\"")
        }
        return id
    }

    /// Throws what Slurm would say of such a job, and if one of its programs is missing; submits nothing.
    package func test(_ submission: SlurmSubmission) async throws(SlurmError) {
        for program in Self.programs { _ = try await call(program, ["--version"]) }
        _ = try await sbatch(["--test-only"], submission)
    }

    private func sbatch(_ mode: [String], _ submission: SlurmSubmission) async throws(SlurmError) -> CommandOutcome {
        // What the job is known by is not for the operator's flags to change.
        try await call(
            "sbatch",
            submission.options + mode + submission.array + [
                "--job-name=\(submission.name)", "--comment=\(comment)\(submission.mark)",
            ], input: submission.script)
    }

    /// The jobs of this server that wait or run, and those that ended some minutes ago, each task of an array by itself.
    package func jobs() async throws(SlurmError) -> [SlurmJob] {
        // Not with --array: of tasks 0, 2, 4 to 20 it then forgets the last one.
        let list = try await call(
            "squeue", ["--noheader", "--user=\(user)", "--states=all", "--format=%i|%T|%N|%r|%k"])
        return list.output.split(separator: "\n").flatMap { line -> [SlurmJob] in
            let columns = line.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false)
            guard columns.count == 5, columns[4].hasPrefix(comment) else { return [] }
            let mark = columns[4].dropFirst(comment.count)
            let isHelper = mark.hasSuffix(SlurmSubmission.helperMark)
            guard let first = Int64(isHelper ? mark.dropLast(SlurmSubmission.helperMark.count) : mark) else {
                return []
            }
            return SlurmJobID.list(columns[0]).map { id in
                SlurmJob(
                    id: id, work: isHelper ? first : first + Int64(id.task ?? 0), isHelper: isHelper,
                    state: String(columns[1]), reason: Self.word(columns[3]), node: Self.word(columns[2]))
            }
        }
    }

    /// How a job ended that is in the list no more, where Slurm keeps accounts; `nil` if that is not known.
    package func end(of id: SlurmJobID, work: Int64) async -> SlurmJob? {
        let arguments = ["--noheader", "--parsable2", "--allocations", "--jobs=\(id)", "--format=State,NodeList"]
        guard let line = try? await call("sacct", arguments).output.split(separator: "\n").last else { return nil }
        let columns = line.split(separator: "|", omittingEmptySubsequences: false)
        // "CANCELLED by 1000"
        guard columns.count == 2, let state = columns[0].split(separator: " ").first.map(String.init),
            SlurmJob.isEnd(state)
        else { return nil }
        return SlurmJob(id: id, work: work, state: state, node: Self.word(columns[1]))
    }

    /// Ends jobs, and tasks of arrays; those that have ended already are no error.
    package func cancel(_ ids: [SlurmJobID]) async throws(SlurmError) {
        guard !ids.isEmpty else { return }
        _ = try await call("scancel", ["--quiet"] + ids.map(\.description))
    }

    private func call(
        _ program: String, _ arguments: [String], input: String = ""
    ) async throws(SlurmError) -> CommandOutcome {
        let outcome = try await runner.run(program, arguments, input: input)
        guard outcome.status == 0 else {
            let lines = outcome.errors.split(separator: "\n").map { line in
                ["\(program): error: ", "\(program): "].first { line.hasPrefix($0) }.map { line.dropFirst($0.count) }
                    ?? line
            }
            let words = lines.isEmpty ? "it ended with status \(outcome.status)" : lines.joined(separator: "; ")
            throw .failed(program: program, words: String(words.prefix(500)))
        }
        return outcome
    }

    /// A column, unless it says that there is nothing.
    private static func word(_ column: Substring) -> String? {
        ["", "None", "(null)", "None assigned"].contains(column) ? nil : String(column)
    }
}
