import Foundation
import TestSupport
import Testing

/// The program as it was built beside the tests, run as a process of its own.
struct Program {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Where the built program lies.
    static var url: URL { Bundle.main.bundleURL.appending(path: "slicewise") }

    /// What Scripts/race_checks tells the sanitizer, with which the program is built like its tests.
    private static let ofSanitizer = ProcessInfo.processInfo.environment.filter {
        ["LD_PRELOAD", "TSAN_OPTIONS"].contains($0.key)
    }

    /// Runs it to its end with nothing in its environment but what is given.
    static func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
        try await run(arguments, environment: environment)
    }

    /// The same in a folder of its own.
    ///
    /// With `executable` it is another program.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil, executable: URL = url
    ) async throws -> Outcome {
        let scratch = try TemporaryFolder()
        let output = try scratch.file("stdout")
        let errors = try scratch.file("stderr")
        let process = try process(arguments, environment, folder)
        process.executableURL = executable
        process.standardOutput = output.handle
        process.standardError = errors.handle
        await withCheckedContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                Issue.record("\(url.path) cannot be run: \(error)")
                process.terminationHandler = nil
                continuation.resume()
            }
        }
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOf: output.url, encoding: .utf8),
            errors: try String(contentsOf: errors.url, encoding: .utf8))
    }

    /// The arguments of a shell that runs the program with no more than so many files open, and in a control group.
    static func shell(files: Int? = nil, in group: ControlGroup? = nil, _ arguments: [String]) -> [String] {
        let steps =
            (files.map { ["ulimit -n \($0)"] } ?? []) + (group.map { ["echo $$ > \($0.members)"] } ?? [])
            + ["exec \"$0\" \"$@\""]
        return ["-c", steps.joined(separator: " && "), url.path] + arguments
    }

    /// A process that is ready to run, which may have no more than `files` open, and runs in a control group if given.
    static func process(
        _ arguments: [String], _ environment: [String: String], _ folder: URL?, files: Int? = nil,
        in group: ControlGroup? = nil
    ) throws -> Process {
        let process = Process()
        let isPlain = files == nil && group == nil
        process.executableURL = isPlain ? url : URL(filePath: "/bin/sh")
        process.arguments = isPlain ? arguments : shell(files: files, in: group, arguments)
        process.standardInput = FileHandle.nullDevice
        process.environment = ["PATH": "/usr/bin:/bin"].merging(ofSanitizer) { $1 }.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        return process
    }
}
