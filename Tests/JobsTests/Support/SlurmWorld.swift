import Foundation
import JSON
import Jobs
import Slurm
import Store

/// What tests need of a project with jobs, and of a Slurm for them.
struct SlurmWorld {
    let fixture: JobFixture
    let slurm = FakeSlurm()
    let dispatcher: SlurmDispatcher
    let start = ContinuousClock.now

    var store: Store { fixture.store }

    init(_ fixture: JobFixture, tileWorkers: Int) {
        self.fixture = fixture
        dispatcher = Self.dispatcher(fixture, slurm, tileWorkers: tileWorkers)
    }

    static func dispatcher(_ fixture: JobFixture, _ slurm: FakeSlurm, tileWorkers: Int = 3) -> SlurmDispatcher {
        SlurmDispatcher(
            queue: fixture.queue, slurm: Slurm(tag: "abc", user: 7, runner: slurm),
            settings: SlurmSettings(server: "http://s:1", predictFlags: "--qos=fast", tileWorkers: tileWorkers))
    }

    @discardableResult
    func round(at seconds: Int = 0) async -> Duration? { await dispatcher.round(now: start + .seconds(seconds)) }

    /// What a job's JSON says of Slurm.
    func status(_ job: JobRecord) async throws -> String? { try await store.job(id: job.id).slurm }

    /// The states that the events of a job name.
    func told(_ job: JobRecord) async throws -> [String] {
        struct Event: Decodable { var state: String }
        return try await store.events(job: job.id).filter { $0.type == "slurm" }.map {
            try JSONText.decode(Event.self, from: $0.data).state
        }
    }

    /// A worker of Slurm's takes a job.
    @discardableResult
    func claim(_ job: JobRecord, by worker: String, until end: Date = .distantFuture) async throws -> JobRecord? {
        try await store.claimJob(job.id, by: describe(worker), kinds: JobQueue.kindsOfWorkers, until: end)
    }

    private func describe(_ worker: String) -> WorkerDescription {
        WorkerDescription(name: worker, host: "n1", version: "1", processor: "portable", threads: 1)
    }

    /// A job that predicts, in Slurm's job 1 on node n1, and its tiles, which wait.
    func prediction(tiles: Int) async throws -> (job: JobRecord, tiles: [JobRecord]) {
        let queued = try await store.addJob(project: fixture.project.id, kind: "predict", request: "{}")
        await round()
        slurm.set(1, "RUNNING", node: "n1")
        guard let job = try await claim(queued, by: "slurm-1") else { throw StoreError.notFound("the prediction") }
        return (job, try await store.addUnits(of: job, kind: "tile", numbers: 0..<tiles))
    }

    /// A helper takes a tile.
    @discardableResult
    func claimTile(of job: JobRecord, by worker: String) async throws -> JobRecord? {
        try await store.claimJob(
            tilesOf: job.id, by: describe(worker), kinds: JobQueue.kindsOfWorkers, until: .distantFuture)
    }

    /// An experiment that runs, and its runs, which wait.
    func experiment(runs: Int) async throws -> (whole: JobRecord, runs: [JobRecord]) {
        _ = try await store.addJob(project: fixture.project.id, kind: "crossvalidate", request: "{}")
        guard let whole = try await store.nextQueuedJob(kinds: ["crossvalidate"]) else {
            throw StoreError.notFound("the experiment")
        }
        return (whole, try await store.addUnits(of: whole, kind: "trial", numbers: 0..<runs))
    }
}

func withSlurmWorld(tileWorkers: Int = 3, _ body: (SlurmWorld) async throws -> Void) async throws {
    try await withJobFixture { try await body(SlurmWorld($0, tileWorkers: tileWorkers)) }
}
