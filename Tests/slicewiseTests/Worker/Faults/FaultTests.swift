import Foundation
import TestSupport
import Testing

/// A server and three workers to which something happens at random moments, again and again.
@Suite(.serialized) struct FaultTests {
    /// `SLICEWISE_FAULTS` of the test's environment.
    static let faults =
        ProcessInfo.processInfo.environment["SLICEWISE_FAULTS"].flatMap { Int($0) } ?? Fault.allCases.count

    @Test(.timeLimit(.minutes(10 + FaultTests.faults / 10)))
    func `whatever befalls a server and its workers, each job counts once and nothing is left of it`() async throws {
        let folder = try TemporaryFolder()
        let fleet = try await Fleet(["w1", "w2", "w3"], in: folder.url)
        do {
            try await endure(fleet, Errands(in: folder.url))
        } catch {
            await fleet.abandon()
            throw error
        }
        let data = folder.url.appending(path: "data")
        let records = try FaultRecords(data)
        let left = try records.leftovers()
        #expect(left == [])
        #expect(try KilledFolder.leftovers(in: data) == 0)
        let files = FileManager.default.enumerator(atPath: data.path)?.compactMap { $0 as? String } ?? []
        #expect(!files.contains { $0.contains("upload-") }, "\(files)")
        try review(records.events())
    }

    private func endure(_ fleet: Fleet, _ start: Errands) async throws {
        var errands = start
        try await errands.open(fleet.server)
        var generator = SeededGenerator(seed: UInt64(Self.faults))
        // Each kind once, then any.
        var next = Fault.allCases.shuffled(using: &generator)
        var counts: [String: Int] = [:]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.faults {
                try await errands.keepBusy(fleet.server, using: &generator)
                // The moments are the point of this test, as they are of `KillTests`.
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...1000, using: &generator)))
                let time = Duration.milliseconds(Int.random(in: 100...1200, using: &generator))
                guard let fault = next.popLast() ?? Fault.allCases.randomElement(using: &generator) else { break }
                counts[fault.rawValue, default: 0] += 1
                switch fault {
                case .killedServer, .endedServer:
                    try await fleet.restart(
                        by: fault == .killedServer ? SIGKILL : SIGTERM,
                        computesJobs: Int.random(in: 0..<3, using: &generator) == 0)
                case .cancelledJob: try await errands.cancel(fleet.server, using: &generator)
                default:
                    var free = await fleet.choose(generator.next())
                    while free == nil {
                        try await group.next()
                        free = await fleet.choose(generator.next())
                    }
                    if let worker = free { group.addTask { try await fleet.befall(worker, by: fault, for: time) } }
                }
            }
            try await group.waitForAll()
        }
        try await errands.finish(fleet.server)
        try await fleet.end()
        let list = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print(
            "\(Self.faults) faults: \(list); \(errands.jobs.count) jobs;",
            "\(await fleet.stale) workers were late and went on")
    }

    /// Each job ended once, no attempt was made twice, and what was learned was not forgotten.
    private func review(_ events: [FaultRecords.Event]) throws {
        var (resumed, lost) = (0, 0.0)
        for (job, events) in Dictionary(grouping: events, by: \.job) {
            let states = events.filter { $0.type == "state" }
            let ends = states.compactMap { $0.data["state"] as? String }.filter {
                ["succeeded", "failed", "cancelled"].contains($0)
            }
            // A server that is killed at that very moment has stored the end, but not yet told it.
            #expect(ends.count <= 1, "job \(job): \(ends)")
            let attempts = states.compactMap { $0.data["attempt"] as? Int }
            #expect(attempts == Set(attempts).sorted(), "job \(job)")
            var newest = 0
            var progress: [(step: Int, seconds: Double)] = []
            for event in events {
                if let step = event.data["step"] as? Int, let seconds = event.data["seconds"] as? Double,
                    event.data["phase"] as? String == "training"
                {
                    progress.append((step, seconds))
                }
                guard let message = event.data["message"] as? String,
                    message.hasPrefix("continuing from the checkpoint"),
                    let step = message.split(separator: " ").last.flatMap({ Int($0) })
                else { continue }
                #expect(step >= newest, "job \(job) went back from step \(newest) to \(step)")
                newest = step
                resumed += 1
                let before = progress.last { $0.step <= step }?.seconds ?? 0
                lost = max(lost, (progress.last?.seconds ?? 0) - before)
                progress.removeAll { $0.step > step }
            }
        }
        print(
            "\(resumed) times a training went on from a checkpoint;",
            "at most \((lost * 10).rounded() / 10) s were learned again")
    }
}
