import Foundation
import TestSupport
import Testing

/// A server to which something happens at a random moment while it is busy, and that is killed at another, again and
/// again, on one data folder.
@Suite(.serialized) struct KillTests {
    /// `SLICEWISE_KILLS` of the test's environment.
    static let kills = ProcessInfo.processInfo.environment["SLICEWISE_KILLS"].flatMap { Int($0) } ?? 20

    private let ledger = Ledger()
    private let field: Battlefield

    init() throws { field = try Battlefield() }

    @Test(.timeLimit(.minutes(30 + KillTests.kills / 10)))
    func `neither kill -9 nor what comes before it loses what was acknowledged or leaves something half done`()
        async throws
    {
        let first = try await field.start()
        try await Customers(server: first, ledger: ledger).open()
        _ = await first.stop(by: SIGKILL)

        var resumable: Set<Int> = []
        var (moments, events): ([String: Int], [String: Int]) = ([:], [:])
        var slowest = Duration.zero
        var generator = SeededGenerator(seed: 1)
        let missing = Disturbance.allCases.filter { !Disturbance.possible.contains($0) }.map(\.rawValue)
        if !missing.isEmpty { print("left out, for want of rights:", missing.joined(separator: ", ")) }
        for round in 0..<Self.kills {
            let log = Pipe()
            let event = Disturbance.possible.randomElement(using: &generator) ?? .stalledLog
            let isOfLog = [.stalledLog, .closedLog].contains(event)
            let server = try await field.start(log: isOfLog ? log.fileHandleForWriting : .nullDevice)
            try await compare(server)
            let customers = Customers(server: server, ledger: ledger)
            if round > 0, round.isMultiple(of: 50) { try await customers.renew() }
            async let lost: Void = customers.run(round: round)
            // The moments are the point of this test: any will do, and these are the only sleeps of all tests.
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...1500, using: &generator)))
            let time = Duration.milliseconds(Int.random(in: 1...500, using: &generator))
            if try await field.disturb(server, by: event, log, for: time) {
                slowest = max(slowest, try await field.timeToAnswer(server))
                #expect(server.process.isRunning, "\(event.rawValue)")
            }
            events[event.rawValue, default: 0] += 1
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...1500, using: &generator)))
            _ = await server.stop(by: SIGKILL)
            await lost
            let left = try KilledFolder(field.data)
            resumable.formUnion(left.checkpointed)
            for phase in left.phases { moments["job \(phase)", default: 0] += 1 }
            if await !ledger.openVolumes.isEmpty { moments["upload", default: 0] += 1 }
            if await !ledger.openSlices.isEmpty { moments["post", default: 0] += 1 }
            if await ledger.openLabels != nil { moments["label volume", default: 0] += 1 }
        }
        #expect(slowest < .seconds(2))
        let last = try await field.start()
        try await compare(last)
        try await finish(last, resumable)
        #expect(await last.stop(by: SIGTERM) == 0)
        #expect(try KilledFolder.leftovers(in: field.data) == 0)
        let counts = await (ledger.posts, ledger.uploads, ledger.jobs.count, ledger.puts)
        print(
            "\(Self.kills) kills; before them: \(Self.list(events)); answered within \(slowest);",
            "killed during: \(Self.list(moments));",
            "acknowledged: \(counts.0) posts, \(counts.3) label volumes, \(counts.1) uploads, \(counts.2) jobs, \(resumable.count) with checkpoints"
        )
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    /// Every acknowledged slice and volume is there bit for bit; what was not acknowledged is there whole or not at all.
    private func compare(_ server: RunningServer) async throws {
        let (slices, openSlices) = await (ledger.slices, ledger.openSlices)
        var current: [Ledger.Slice: Data] = [:]
        for slice in Set(slices.keys).union(openSlices.keys) {
            let path = "/v1/projects/p/volumes/v/annotations/\(slice.axis)/\(slice.index)?format=raw"
            let answer = try await server.call("GET", path)
            let found = answer.status == 200 ? answer.body : nil
            #expect(found == slices[slice] || found == openSlices[slice], "\(slice) has other labels")
            current[slice] = found
        }
        let whole = try await server.call("GET", "/v1/projects/p/volumes/w/labels?format=raw").body
        let (labels, openLabels) = await (ledger.labels, ledger.openLabels)
        #expect(whole == labels || whole == openLabels, "a label volume is there in parts")
        let (volumes, openVolumes) = await (ledger.volumes, ledger.openVolumes)
        let removals = await ledger.openRemovals
        let list = try JSONSerialization.jsonObject(with: try await server.call("GET", "/v1/projects/p/volumes").body)
        let names = Set(try #require(list as? [[String: Any]]).compactMap { $0["name"] as? String }).subtracting([
            "v", "w",
        ])
        #expect(names.isSubset(of: Set(volumes.keys).union(openVolumes.keys)))
        #expect(Set(volumes.keys).subtracting(removals).isSubset(of: names))
        let known = await ledger.compared
        for name in names.subtracting(known) {
            let answer = try await server.call("GET", "/v1/projects/p/volumes/\(name)/image?format=npy")
            #expect(answer.body == volumes[name] ?? openVolumes[name], "\(name) has other voxels")
            await ledger.didCompare(name)
        }
        await ledger.settle(slices: current, labels: whole, volumes: names)
    }

    /// Has a failed job done again, which succeeds.
    private func repeatJob(_ job: Int, _ server: RunningServer) async throws {
        let again = try #require(try await server.json("POST", "/v1/projects/p/jobs/\(job)/retry")["id"] as? Int)
        _ = try await server.call("GET", "/v1/projects/p/jobs/\(again)/events")
        let state = try await server.json("GET", "/v1/projects/p/jobs/\(again)")
        #expect(state["state"] as? String == "succeeded", "\(state)")
    }

    /// Waits for the jobs: all end well, if only when they are tried again, and those that had left a checkpoint went on from it.
    private func finish(_ server: RunningServer, _ resumable: Set<Int>) async throws {
        for job in await ledger.jobs.sorted() {
            let events = try await server.call("GET", "/v1/projects/p/jobs/\(job)/events")
            let state = try await server.json("GET", "/v1/projects/p/jobs/\(job)")
            if state["state"] as? String == "failed" {
                // Three kills came before it got any further, or it ended on a full disk.
                let error = state["error"] as? String ?? ""
                #expect(error.contains("3 times") || error.contains("no space left"), "\(state)")
                try await repeatJob(job, server)
                continue
            }
            #expect(state["state"] as? String == "succeeded", "\(state)")
            guard resumable.contains(job) else { continue }
            let log = String(decoding: events.body, as: UTF8.self)
            #expect(log.contains("continuing from the checkpoint") || log.contains("the training is done already"))
        }
        let prediction = try await server.call("GET", "/v1/projects/p/volumes/v/prediction?format=raw")
        if prediction.status != 404 {
            #expect(prediction.body.count == Customers.extent.z * Customers.extent.y * Customers.extent.x)
        }
    }
}
