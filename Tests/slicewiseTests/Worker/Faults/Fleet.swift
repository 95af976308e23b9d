import Foundation
import TestSupport
import Testing

/// A server and its workers, each a process, and what befalls them.
actor Fleet {
    /// Seconds after which a job is taken from a worker that was not heard of.
    static let lease = 3

    private struct Member {
        let name: String
        let gate: Gate
        var process: Process
        var log: WorkerLog
        /// Whether something befalls it now.
        var isBusy = false
    }

    private let folder: URL
    private var members: [Member] = []
    private(set) var server: RunningServer
    /// How often a worker was found to be late, and was told so.
    private(set) var stale = 0

    var data: URL { folder.appending(path: "data") }

    init(_ names: [String], in folder: URL) async throws {
        self.folder = folder
        server = try await Self.serve(folder.appending(path: "data"), computesJobs: false)
        for name in names {
            let gate = try Gate()
            gate.lead(to: server.port ?? 0)
            let (process, log) = try Self.start(name, at: gate, in: folder)
            members.append(Member(name: name, gate: gate, process: process, log: log))
        }
    }

    private static func serve(_ data: URL, computesJobs: Bool) async throws -> RunningServer {
        try await RunningServer(
            data: data,
            flags: [
                "--workers-local", computesJobs ? "1" : "0", "--workers-lease", "\(lease)",
                "--training-checkpoint-seconds", "1", "--training-threads", "1",
            ])
    }

    private static func start(_ name: String, at gate: Gate, in folder: URL) throws -> (Process, WorkerLog) {
        let process = try Program.process(
            [
                "worker", "--server", "http://127.0.0.1:\(gate.port)", "--name", name, "--threads", "1",
                "--cache", cache(of: name, in: folder).path,
            ], [:], nil)
        let log = WorkerLog()
        process.standardOutput = log.pipe
        process.standardError = log.pipe
        try process.run()
        try? log.pipe.fileHandleForWriting.close()
        return (process, log)
    }

    private static func cache(of name: String, in folder: URL) -> URL { folder.appending(path: "cache-\(name)") }

    /// A worker that nothing befalls now; `nil` if there is none.
    func choose(_ random: UInt64) -> Int? {
        let free = members.indices.filter { !members[$0].isBusy }
        guard !free.isEmpty else { return nil }
        let number = free[Int(random % UInt64(free.count))]
        members[number].isBusy = true
        return number
    }

    /// Does it to a worker, which goes on after a time.
    func befall(_ number: Int, by fault: Fault, for time: Duration) async throws {
        let member = members[number]
        let (process, log, gate) = (member.process, member.log, member.gate)
        defer { members[number].isBusy = false }
        #expect(process.isRunning, "\(member.name) has ended by itself: \(log.tail)")
        switch fault {
        case .killedWorker, .endedWorker:
            let status = await process.end(by: fault == .killedWorker ? SIGKILL : SIGTERM)
            // One that has hardly started has said nothing yet, and ends like any program.
            let expected = fault == .killedWorker ? SIGKILL : log.count == 0 ? SIGTERM : 0
            #expect(status == expected, "\(log.tail)")
            let (process, log) = try Self.start(member.name, at: gate, in: folder)
            (members[number].process, members[number].log) = (process, log)
        case .stoppedWorker:
            kill(process.processIdentifier, SIGSTOP)
            let held = try FaultRecords(data).job(of: member.name)
            try await Task.sleep(for: .seconds(Self.lease) + time)
            let seen = log.count
            kill(process.processIdentifier, SIGCONT)
            // A claim whose answer was lost is no job of its.
            guard let held, log.isAbout(held) else { return }
            // Another one may have it now: the worker is told so, and asks for the next one.
            let isTold = try await onThread { log.hasLine(after: seen) { WorkerLog.isEnd($0, of: held) } }
            #expect(isTold, "job \(held): \(log.tail)")
            stale += 1
        case .brokenConnection, .silentConnection:
            gate.turn(fault == .brokenConnection ? .closed : .silent)
            // Sometimes for longer than the lease.
            try await Task.sleep(for: time * 5)
            gate.turn(.open)
        default: break
        }
    }

    /// Ends the server and starts it again, with or without work of its own.
    func restart(by number: Int32, computesJobs: Bool) async throws {
        let status = await server.stop(by: number)
        if number == SIGTERM { #expect(status == 0) }
        server = try await Self.serve(data, computesJobs: computesJobs)
        for member in members { member.gate.lead(to: server.port ?? 0) }
    }

    /// Ends the workers, then the server; whatever is left is an issue.
    func end() async throws {
        for member in members {
            #expect(member.process.isRunning, "\(member.name) has ended by itself: \(member.log.tail)")
            kill(member.process.processIdentifier, SIGTERM)
        }
        for member in members {
            #expect(await member.process.end() == 0, "\(member.log.tail)")
            member.gate.remove()
            let cache = Self.cache(of: member.name, in: folder)
            let files = try FileManager.default.contentsOfDirectory(atPath: cache.path)
            #expect(!files.contains { $0.hasPrefix(".") }, "\(files)")
        }
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    /// Ends what still runs when the test fails.
    func abandon() {
        for member in members {
            if member.process.isRunning { kill(member.process.processIdentifier, SIGKILL) }
            member.gate.remove()
        }
    }
}
