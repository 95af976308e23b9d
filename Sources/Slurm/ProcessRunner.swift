internal import Dispatch
internal import Foundation
internal import Synchronization

/// Runs programs as processes of this machine, found by PATH.
package struct ProcessRunner: CommandRunner {
    private let environment: [String: String]
    private let patience: Int

    /// Programs get this environment, but not the settings of the server nor its folder of temporary files, which Slurm
    /// would hand on to jobs on other machines, nor what somebody wants to see of Slurm's list; they are killed after
    /// `patience` seconds.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment, patience: Int = 60) {
        let kept = environment.filter { variable in
            variable.key != "TMPDIR" && !["SLICEWISE_", "SQUEUE_"].contains { variable.key.hasPrefix($0) }
        }
        // Else squeue forgets those tasks of an array whose numbers don't fit into 64 characters.
        self.environment = kept.merging(["SLURM_BITSTR_LEN": "0"]) { $1 }
        self.patience = patience
    }

    package func run(
        _ program: String, _ arguments: [String], input: String
    ) async throws(SlurmError) -> CommandOutcome {
        guard let file = file(of: program) else { throw .missing(program: program) }
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let result = Result { () throws(SlurmError) in try runNow(program, file, arguments, input) }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }

    private func file(of program: String) -> URL? {
        (environment["PATH"] ?? "").split(separator: ":").map { URL(filePath: "\($0)/\(program)") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// The same on the caller's thread.
    private func runNow(
        _ program: String, _ file: URL, _ arguments: [String], _ input: String
    ) throws(SlurmError) -> CommandOutcome {
        final class Box: Sendable {
            let errors = Mutex(Data())
            let isKilled = Mutex(false)
        }
        let process = Process()
        let (box, read) = (Box(), DispatchGroup())
        let (into, out, errors) = (Pipe(), Pipe(), Pipe())
        process.executableURL = file
        process.arguments = arguments
        process.environment = environment
        process.standardInput = into.fileHandleForReading
        (process.standardOutput, process.standardError) = (out, errors)
        do {
            // While this process still holds the other end, nothing breaks off; what is sent is far shorter than a pipe holds.
            try into.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try into.fileHandleForWriting.close()
            try process.run()
        } catch {
            throw .failed(program: program, words: "it can't be started: \(error)")
        }
        // It may ignore SIGTERM, as servers have their programs do.
        let end = DispatchWorkItem {
            box.isKilled.withLock { $0 = true }
            kill(process.processIdentifier, SIGKILL)
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(patience), execute: end)
        DispatchQueue.global().async(group: read) {
            let data = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
            box.errors.withLock { $0 = data }
        }
        let output = (try? out.fileHandleForReading.readToEnd()) ?? Data()
        read.wait()
        process.waitUntilExit()
        end.cancel()
        if box.isKilled.withLock({ $0 }) { throw .silent(program: program, seconds: patience) }
        return CommandOutcome(
            status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
            errors: String(decoding: box.errors.withLock { $0 }, as: UTF8.self))
    }
}
