import Foundation
import Testing

/// A control group below that of the tests, with a limit of memory; there is one only where the tests may make it.
final class ControlGroup: Sendable {
    struct NotMade: Error {}

    /// Whether the tests may make one that holds its processes to the limit, which was tried.
    static let canBeMade = (try? ControlGroup(megabytes: 64))?.takesProcesses ?? false

    static let whyNot: Comment = """
        this user can't make control groups with limits of memory here; run the tests as root, with version 1, or where \
        the memory of groups below the tests' own is delegated
        """

    private let folder: URL
    private let isFirstVersion: Bool

    init(megabytes: Int) throws {
        let text = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        let groups = text.split(separator: "\n").map {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        }
        let first = groups.first { $0.count == 3 && $0[1].split(separator: ",").contains("memory") }
        guard let own = first ?? groups.first(where: { $0.count == 3 && $0[1].isEmpty }) else { throw NotMade() }
        isFirstVersion = first != nil
        let base = "/sys/fs/cgroup" + (isFirstVersion ? "/memory" : "")
        // In a container the path may be that of the machine outside.
        let place = FileManager.default.fileExists(atPath: base + own[2]) ? base + own[2] : base
        folder = URL(filePath: place).appending(path: "slicewise-test-\(UUID().uuidString)")
        guard mkdir(folder.path, 0o755) == 0 else { throw NotMade() }
        guard write("\(megabytes << 20)", to: isFirstVersion ? "memory.limit_in_bytes" : "memory.max") else {
            rmdir(folder.path)
            throw NotMade()
        }
        // Memory that is swapped out counts, where there is swap.
        _ =
            isFirstVersion
            ? write("\(megabytes << 20)", to: "memory.memsw.limit_in_bytes") : write("0", to: "memory.swap.max")
    }

    deinit { rmdir(folder.path) }

    /// The file to which a process writes its number to be in the group.
    var members: String { folder.appending(path: "cgroup.procs").path }

    /// Processes of the group that were ended for want of memory.
    var killed: Int {
        let file = folder.appending(path: isFirstVersion ? "memory.oom_control" : "memory.events")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
    }

    /// Runs a shell's command in it to its end; whether that was a good one.
    @discardableResult
    func run(_ command: String) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "echo $$ > \(members) && \(command)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private var takesProcesses: Bool { run("true") }

    private func write(_ text: String, to name: String) -> Bool {
        let file = open(folder.appending(path: name).path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return Array(text.utf8).withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) } == text.utf8.count
    }
}
