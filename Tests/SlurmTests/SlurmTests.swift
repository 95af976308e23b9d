import Slurm
import Testing

@Suite struct SlurmTests {
    private func slurm(_ answers: [String: CommandOutcome]) -> (Slurm, RecordedRunner) {
        let runner = RecordedRunner(answers)
        return (Slurm(tag: "abc", user: 7, runner: runner), runner)
    }

    private let submission = SlurmSettings(server: "http://s:1").submission(for: 12, kind: "train", memory: 1 << 30)

    @Test(arguments: [("41\n", 41), ("41;cluster\n", 41)])
    func `a submission gives the number that sbatch prints`(output: String, id: Int) async throws {
        let (slurm, runner) = slurm(["sbatch": CommandOutcome(output: output, errors: "sbatch: Warning: slow\n")])
        #expect(try await slurm.submit(submission) == id)
        let call = try #require(runner.calls.first)
        #expect(call.input == submission.script && call.arguments.contains("--parsable"))
        #expect(call.arguments.suffix(2) == ["--job-name=slicewise-12", "--comment=slicewise/abc/12"])
    }

    @Test func `an array has the tasks that there are, and the name of the job that people know`() async throws {
        let (slurm, runner) = slurm(["sbatch": CommandOutcome(output: "41\n")])
        let array = SlurmSettings(server: "http://s:1").submission(
            for: 12, of: 10, tasks: [0, 1, 2, 5, 7, 8], kind: "trial", memory: 1 << 30)
        #expect(try await slurm.submit(array) == 41)
        #expect(
            runner.calls[0].arguments.suffix(4) == [
                "--parsable", "--array=0-2,5,7-8", "--job-name=slicewise-10", "--comment=slicewise/abc/12",
            ])
        let helpers = SlurmSettings(server: "http://s:1").submission(
            for: 12, tasks: [0, 1], kind: "tile", memory: 1 << 30)
        #expect(try await slurm.submit(helpers) == 41)
        #expect(
            runner.calls[1].arguments.suffix(3) == [
                "--array=0-1", "--job-name=slicewise-12-tiles", "--comment=slicewise/abc/12/tiles",
            ])
    }

    @Test func `what sbatch says against a job is the error, without its name`() async throws {
        let errors = "sbatch: error: invalid partition specified: no\nsbatch: error: Batch job submission failed\n"
        let (slurm, _) = slurm(["sbatch": CommandOutcome(status: 1, errors: errors)])
        let words = "invalid partition specified: no; Batch job submission failed"
        await #expect(throws: SlurmError.failed(program: "sbatch", words: words)) { try await slurm.submit(submission) }
        let (mute, _) = self.slurm(["sbatch": CommandOutcome(status: 3)])
        await #expect(throws: SlurmError.failed(program: "sbatch", words: "it ended with status 3")) {
            try await mute.submit(submission)
        }
        let (odd, _) = self.slurm(["sbatch": CommandOutcome(output: "welcome")])
        await #expect(throws: SlurmError.self) { try await odd.submit(submission) }
    }

    @Test func `the list has the jobs of this server only, each with its state, reason and node`() async throws {
        let list = """
            5|PENDING||Priority|slicewise/abc/1
            6|RUNNING|n[1-2]|None|slicewise/abc/22
            7|RUNNING|n1|None|slicewise/other/3
            8_1|RUNNING|n1|None|slicewise/abc/4
            8_30|PENDING||Priority|slicewise/abc/4
            8_[31-32,36,40-46:3%2]|PENDING||Priority|slicewise/abc/4
            8_[|PENDING||Priority|slicewise/abc/4
            12_3|RUNNING|n2|None|slicewise/abc/4/tiles
            13|PENDING||Priority|slicewise/abc/4/others
            9|RUNNING|n1|None|a|b
            10|CANCELLED||Dependency|(null)
            11|PENDING|(null)|Nodes required for job are DOWN, DRAINED|slicewise/abc/x

            """
        let (slurm, runner) = slurm(["squeue": CommandOutcome(output: list)])
        let (jobs, waiting) = (try await slurm.jobs(), [31, 32, 36, 40, 43, 46])
        #expect(
            jobs == [
                SlurmJob(id: SlurmJobID(5), work: 1, state: "PENDING", reason: "Priority"),
                SlurmJob(id: SlurmJobID(6), work: 22, state: "RUNNING", node: "n[1-2]"),
                SlurmJob(id: SlurmJobID(8, task: 1), work: 5, state: "RUNNING", node: "n1"),
                SlurmJob(id: SlurmJobID(8, task: 30), work: 34, state: "PENDING", reason: "Priority"),
            ]
                + waiting.map { task in
                    SlurmJob(id: SlurmJobID(8, task: task), work: Int64(4 + task), state: "PENDING", reason: "Priority")
                } + [
                    SlurmJob(id: SlurmJobID(12, task: 3), work: 4, isHelper: true, state: "RUNNING", node: "n2")
                ])
        #expect(runner.calls[0].arguments.contains("--user=7") && runner.calls[0].arguments.contains("--states=all"))
    }

    @Test func `the accounts tell how a job ended, where there are any`() async throws {
        let (slurm, runner) = slurm(["sacct": CommandOutcome(output: "CANCELLED by 1000|n1\n")])
        let id = SlurmJobID(5, task: 2)
        #expect(await slurm.end(of: id, work: 1) == SlurmJob(id: id, work: 1, state: "CANCELLED", node: "n1"))
        #expect(runner.calls[0].arguments.contains("--jobs=5_2"))
        let (running, _) = self.slurm(["sacct": CommandOutcome(output: "RUNNING|n1\n")])
        #expect(await running.end(of: id, work: 1) == nil)
        let (none, _) = self.slurm(["sacct": CommandOutcome(status: 1, errors: "accounting storage is disabled")])
        #expect(await none.end(of: id, work: 1) == nil)
    }

    @Test func `no job is cancelled by no call`() async throws {
        let (slurm, runner) = slurm(["scancel": CommandOutcome()])
        try await slurm.cancel([])
        #expect(runner.calls.isEmpty)
        try await slurm.cancel([SlurmJobID(5), SlurmJobID(6, task: 0)])
        #expect(runner.calls.map(\.arguments) == [["--quiet", "5", "6_0"]])
    }

    @Test func `a test submits nothing, and wants every program`() async throws {
        let all = ["sbatch": CommandOutcome(), "squeue": CommandOutcome(), "scancel": CommandOutcome()]
        let (slurm, runner) = slurm(all)
        try await slurm.test(submission)
        #expect(runner.calls.map(\.program) == ["sbatch", "squeue", "scancel", "sbatch"])
        #expect(runner.calls[3].arguments.contains("--test-only"))
        for name in all.keys {
            let (lacking, _) = self.slurm(all.filter { $0.key != name })
            await #expect(throws: SlurmError.missing(program: name)) { try await lacking.test(submission) }
        }
    }
}
