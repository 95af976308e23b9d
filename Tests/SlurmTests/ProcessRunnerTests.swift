import Foundation
import Slurm
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct ProcessRunnerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A program in the folder, of which a runner knows.
    private func runner(_ script: String, _ more: [String: String] = [:], patience: Int = 60) throws -> ProcessRunner {
        let file = try folder.file("tool", Array("#!/bin/sh\n\(script)\n".utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return ProcessRunner(
            environment: ["PATH": "/nowhere:\(folder.url.path):/usr/bin:/bin"].merging(more) { $1 }, patience: patience)
    }

    @Test func `a program gets its arguments and its input, and gives its status and both its outputs`() async throws {
        let runner = try runner(#"cat; echo "$2" >&2; exit 3"#)
        #expect(
            try await runner.run("tool", ["a", "b c"], input: "text\n")
                == CommandOutcome(status: 3, output: "text\n", errors: "b c\n"))
    }

    @Test func `a program may write more than a pipe holds on both sides, and read nothing`() async throws {
        let runner = try runner("yes 1234567 | head -c 400000 >&2; yes 7654321 | head -c 400000")
        let outcome = try await runner.run("tool", [], input: "text")
        #expect(outcome.output.utf8.count == 400_000 && outcome.errors.utf8.count == 400_000)
    }

    @Test func `a program that is not on the path is missed by its name`() async throws {
        let runner = try runner("exit 0")
        await #expect(throws: SlurmError.missing(program: "sbatch-of-nowhere")) {
            try await runner.run("sbatch-of-nowhere", [], input: "")
        }
    }

    @Test func `a program that does not end is killed, even if it ignores SIGTERM`() async throws {
        let runner = try runner("trap '' TERM; exec sleep 100000", patience: 1)
        await #expect(throws: SlurmError.silent(program: "tool", seconds: 1)) {
            try await runner.run("tool", [], input: "")
        }
    }

    @Test func `neither the server's settings nor its temporary folder are handed on`() async throws {
        let variables = [
            "SLICEWISE_HTTP_PORT": "1", "SQUEUE_ARRAY": "1", "TMPDIR": "/private", "SLURM_CONF": "/etc/other.conf",
        ]
        let outcome = try await runner("env", variables).run("tool", [], input: "")
        #expect(outcome.output.contains("SLURM_CONF=/etc/other.conf"))
        #expect(outcome.output.contains("SLURM_BITSTR_LEN=0"), "squeue lists all tasks of an array")
        for name in ["SLICEWISE_", "TMPDIR", "SQUEUE_"] { #expect(!outcome.output.contains(name), "\(name)") }
    }
}
