import Foundation
import Store
import TestSupport
import Testing

/// Every time is given: nothing waits for a clock.
@Suite struct WorkerTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private let fixture: StoreFixture
    private var store: Store { fixture.store }

    init() throws { fixture = try StoreFixture() }

    private static func time(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

    private func worker(_ name: String, host: String = "ws1.lab") -> WorkerDescription {
        WorkerDescription(name: name, host: host, version: "1", processor: "avx2", threads: 4)
    }

    private func add(_ kind: String = "train", in project: ProjectRecord) async throws -> Int64 {
        try await store.addJob(project: project.id, kind: kind, request: "{}").id
    }

    /// Claims for a minute at a time.
    private func claim(
        _ name: String, at seconds: Double = 0, kinds: [String] = ["train", "predict"], projects: Set<String>? = nil
    ) async throws -> JobRecord? {
        try await store.claimJob(
            by: worker(name), kinds: kinds, projects: projects, until: Self.time(seconds + 60), now: Self.time(seconds))
    }

    @Test func `a claim takes the oldest job of its kinds and projects, and names the worker in it`() async throws {
        let (project, other) = (try await fixture.project(), try await fixture.project("lung"))
        _ = try await add("crossvalidate", in: project)
        let second = try await add(in: project)
        let third = try await add(in: other)
        #expect(try await claim("a", kinds: ["predict"]) == nil)
        let job = try #require(try await claim("a", projects: ["lung"]))
        #expect(job.id == third && job.state == .running && job.attempts == 1)
        #expect(job.worker == "a" && job.host == "ws1.lab")
        #expect(try await claim("b", projects: []) == nil)
        #expect(try await claim("b")?.id == second)
        #expect(try await claim("c") == nil)
        let workers = try await store.workers(now: Self.time(0))
        #expect(workers.map(\.description.name) == ["a", "b", "c"])
        #expect(workers.map(\.job?.id) == [third, second, nil])
        #expect(workers.map(\.project) == ["lung", "kidney", nil])
        // What this process does is nobody's.
        #expect(try await store.nextQueuedJob()?.worker == nil)
    }

    @Test func `a worker holds one job, and another one of its name gets none meanwhile`() async throws {
        let project = try await fixture.project()
        for _ in 0..<2 { _ = try await add(in: project) }
        let job = try #require(try await claim("a"))
        let error = await #expect(throws: StoreError.self) { try await claim("a", at: 10) }
        #expect(error?.description.contains("50 s") == true, "\(String(describing: error))")
        try await store.finish(job: job.id, attempt: 1, state: .succeeded)
        #expect(try await claim("a", at: 11) != nil)
    }

    @Test func `a worker that wants one job gets that one or none, and hears when it has ended`() async throws {
        let (project, other) = (try await fixture.project(), try await fixture.project("lung"))
        let jobs = [try await add(in: project), try await add(in: project), try await add("transfer", in: project)]
        func claim(
            _ job: Int64, _ name: String, at seconds: Double = 0, projects: Set<String>? = nil
        ) async throws -> Int64? {
            try await store.claimJob(
                job, by: worker(name), kinds: ["train"], projects: projects, until: Self.time(seconds + 60),
                now: Self.time(seconds))?.id
        }
        #expect(try await claim(jobs[1], "a") == jobs[1])
        #expect(try await claim(jobs[1], "b") == nil, "another one has it")
        #expect(try await claim(jobs[1], "a") == nil, "it has lost itself, as it were")
        await #expect(throws: StoreError.self) { try await claim(jobs[0], "a") }
        await #expect(throws: StoreError.notFound("job 99")) { try await claim(99, "b") }
        await #expect(throws: StoreError.notFound("job \(jobs[0])")) {
            try await claim(jobs[0], "b", projects: [other.name])
        }
        await #expect(throws: StoreError.self) { try await claim(jobs[2], "b") }
        try await store.finish(job: jobs[1], state: .succeeded)
        await #expect(throws: StoreError.conflict("job \(jobs[1]) has succeeded")) { try await claim(jobs[1], "b") }
    }

    @Test func `a training for several ranks is given to a worker of as many, and passed over by others`() async throws
    {
        let project = try await fixture.project()
        let many = try await store.addJob(project: project.id, kind: "train", request: #"{"ranks":3}"#).id
        let one = try await store.addJob(project: project.id, kind: "train", request: #"{"ranks":1}"#).id
        func claim(_ job: Int64?, _ name: String, ranks: Int) async throws -> Int64? {
            try await store.claimJob(
                job, by: worker(name), kinds: ["train"], ranks: ranks, until: Self.time(60), now: Self.time(0))?.id
        }
        #expect(try await claim(nil, "a", ranks: 1) == one)
        #expect(try await claim(nil, "b", ranks: 1) == nil)
        for (job, ranks) in [(many, 1), (many, 2), (one, 3)] {
            let error = await #expect(throws: StoreError.self) { try await claim(job, "c", ranks: ranks) }
            #expect(error?.description.contains("this one has \(ranks)") == true)
        }
        #expect(try await claim(many, "d", ranks: 3) == many)
        // The tiles of the prediction after it are for one process each.
        let tiles = try await store.addUnits(of: try await store.job(id: many), kind: "tile", numbers: 0..<1).map(\.id)
        let tile = try await store.claimJob(
            tilesOf: many, by: worker("e"), kinds: ["train", "tile"], until: Self.time(60), now: Self.time(0))
        #expect(tile?.id == tiles[0])
    }

    @Test func `what Slurm says of a job stands in it, and open jobs are those that wait or run`() async throws {
        let project = try await fixture.project()
        let jobs = [try await add(in: project), try await add("transfer", in: project), try await add(in: project)]
        _ = try await claim("a")
        #expect(try await store.openJobs(kinds: ["train", "predict"]).map(\.id) == [jobs[0], jobs[2]])
        try await store.noteSlurm(job: jobs[0], #"{"job":5}"#)
        try await store.finish(job: jobs[0], state: .succeeded)
        #expect(try await store.openJobs(kinds: ["train"]).map(\.id) == [jobs[2]])
        #expect(try await store.job(id: jobs[0]).slurm == #"{"job":5}"#)
        await #expect(throws: StoreError.self) { try await store.noteSlurm(job: jobs[2], "no JSON") }
        await #expect(throws: StoreError.notFound("job 99")) { try await store.noteSlurm(job: 99, "{}") }
        let (id, other) = (try await store.ownID(), try await StoreFixture().store.ownID())
        #expect(id.count == 16 && id != other)
    }

    @Test func `the units of a job are open while it waits to go on, and no more once it has ended`() async throws {
        let project = try await fixture.project()
        _ = try await add(in: project)
        let whole = try #require(try await claim("a"))
        let units = try await store.addUnits(of: whole, kind: "trial", numbers: 0..<2).map(\.id)
        #expect(try await store.openJobs(kinds: ["trial"]).map(\.id) == units)
        try await store.requeueInterrupted()
        #expect(try await store.job(id: whole.id).state == .queued)
        #expect(try await store.openJobs(kinds: ["trial"]).map(\.id) == units)
        _ = try await store.requestCancel(project: project.id, id: whole.id)
        #expect(try await store.openJobs(kinds: ["train", "trial"]).isEmpty)
    }

    @Test func `a worker that wants tiles of one job gets these or none, and hears when that has ended`() async throws {
        let (project, other) = (try await fixture.project(), try await fixture.project("lung"))
        let jobs = [try await add("predict", in: project), try await add("predict", in: project)]
        func claim(_ name: String, of whole: Int64, projects: Set<String>? = nil) async throws -> Int64? {
            try await store.claimJob(
                tilesOf: whole, by: worker(name), kinds: ["predict", "tile", "trial"], projects: projects,
                until: Self.time(60), now: Self.time(0))?.id
        }
        let kinds = ["predict", "tile"]
        #expect(try await claim("a", of: jobs[1]) == nil, "it waits itself")
        let wholes = [
            try #require(try await self.claim("x", kinds: kinds)),
            try #require(try await self.claim("y", kinds: kinds)),
        ]
        _ = try await store.addUnits(of: wholes[0], kind: "tile", numbers: 0..<2)
        #expect(try await claim("a", of: jobs[1]) == nil, "those are another one's")
        let tiles = try await store.addUnits(of: wholes[1], kind: "tile", numbers: 0..<3).map(\.id)
        _ = try await store.addUnits(of: wholes[1], kind: "trial", numbers: 3..<4)
        #expect(try await store.waitingUnits(kind: "tile") == [jobs[0]: 2, jobs[1]: 3])
        #expect(try await claim("a", of: jobs[1]) == tiles[0])
        #expect(try await claim("a", of: jobs[1]) == nil, "it has lost itself, as it were")
        await #expect(throws: StoreError.self) { try await claim("a", of: jobs[0]) }
        for (name, tile) in zip(["b", "c"], tiles.dropFirst()) { #expect(try await claim(name, of: jobs[1]) == tile) }
        #expect(try await claim("d", of: jobs[1]) == nil, "a run is no tile")
        #expect(try await store.waitingUnits(kind: "tile") == [jobs[0]: 2])
        await #expect(throws: StoreError.notFound("job \(jobs[1])")) {
            try await claim("d", of: jobs[1], projects: [other.name])
        }
        try await store.finish(job: jobs[1], state: .cancelled)
        await #expect(throws: StoreError.conflict("job \(jobs[1]) has been cancelled")) {
            try await claim("d", of: jobs[1])
        }
    }

    @Test func `a lease that is renewed in time lasts, and one that isn't ends`() async throws {
        let project = try await fixture.project()
        let id = try await add(in: project)
        _ = try await claim("a")
        try await store.renewLease(job: id, attempt: 1, until: Self.time(110), now: Self.time(50))
        #expect(try await store.expireLeases(now: Self.time(109)).isEmpty)
        #expect(try await store.workers(now: Self.time(109))[0].seen == Self.time(50))
        // An earlier end doesn't shorten it.
        try await store.renewLease(job: id, attempt: 1, until: Self.time(70), now: Self.time(60))
        #expect(try await store.workers(now: Self.time(60))[0].expires == Self.time(110))
        let expired = try await store.expireLeases(now: Self.time(110))
        #expect(expired.map(\.job) == [id] && expired.map(\.attempt) == [1] && expired.map(\.worker) == ["a"])
        #expect(try await store.expireLeases(now: Self.time(110)).isEmpty)
        await #expect(throws: StoreError.self) {
            try await store.renewLease(job: id, attempt: 1, until: Self.time(200), now: Self.time(111))
        }
    }

    @Test func `a renewal after the end is refused, though nobody has looked yet`() async throws {
        let project = try await fixture.project()
        let id = try await add(in: project)
        _ = try await claim("a")
        await #expect(throws: StoreError.self) {
            try await store.renewLease(job: id, attempt: 1, until: Self.time(200), now: Self.time(60))
        }
    }

    @Test func `what comes from an earlier attempt is refused, whatever it is`() async throws {
        let project = try await fixture.project()
        let id = try await add(in: project)
        _ = try await claim("a")
        #expect(try await store.requeue(job: id, attempt: 1, isOrderly: false).state == .queued)
        let second = try #require(try await claim("b", at: 70))
        #expect(second.attempts == 2)
        await #expect(throws: StoreError.self) {
            try await store.renewLease(job: id, attempt: 1, until: Self.time(200), now: Self.time(71))
        }
        await #expect(throws: StoreError.self) { try await store.requeue(job: id, attempt: 1, isOrderly: true) }
        await #expect(throws: StoreError.self) {
            try await store.finish(job: id, attempt: 1, state: .succeeded, model: "m")
        }
        var model = NewModel(name: "m", classes: ["a"], recipe: "{}", configuration: "{}", job: id, attempt: 1)
        await #expect(throws: StoreError.self) {
            try await store.addModel(project: project.id, model, weights: Data([1]))
        }
        #expect(try await store.models(project: project.id).isEmpty)
        // The same of the attempt that runs counts.
        model.attempt = 2
        _ = try await store.addModel(project: project.id, model, weights: Data([1]))
        #expect(try await store.finish(job: id, attempt: 2, state: .succeeded, model: "m").state == .succeeded)
        #expect(try await store.workers(now: Self.time(72)).allSatisfy { $0.job == nil })
    }

    @Test func `jobs come back with their checkpoints, in their order`() async throws {
        let project = try await fixture.project()
        let id = try await add(in: project)
        _ = try await add(in: project)
        _ = try await claim("a")
        try await store.saveCheckpoint(job: id, Data([7]))
        try await store.requeue(job: id, attempt: 1, isOrderly: true)
        #expect(try await claim("b")?.id == id)
        #expect(try await store.checkpoint(job: id) == Data([7]))
    }

    @Test func `a job that ends three workers and gets no further fails; giving it back doesn't count`() async throws {
        let project = try await fixture.project()
        let id = try await add(in: project)
        for attempt in 1...5 {
            _ = try await claim("a", at: Double(attempt))
            #expect(try await store.requeue(job: id, attempt: attempt, isOrderly: true).state == .queued)
        }
        for (attempt, state) in zip(6..., [JobState.queued, .queued, .failed]) {
            _ = try await claim("a", at: Double(attempt))
            #expect(try await store.requeue(job: id, attempt: attempt, isOrderly: false).state == state)
        }
        #expect(try await store.job(id: id).error?.contains("the worker") == true)
    }

    @Test func `what a process left is queued again at the next start, and its leases are gone`() async throws {
        let project = try await fixture.project()
        let id = try await add(in: project)
        _ = try await claim("a")
        #expect(try await store.requeueInterrupted().map(\.id) == [id])
        #expect(try await store.workers(now: Self.time(1)).map(\.job) == [nil])
        #expect(try await claim("a", at: 1)?.id == id)
    }

    @Test func `a worker that is not heard of for a day is forgotten, and a project takes its leases along`()
        async throws
    {
        let project = try await fixture.project()
        _ = try await claim("old")
        _ = try await add(in: project)
        _ = try await claim("new", at: 86_000)
        #expect(try await store.workers(now: Self.time(86_399)).map(\.description.name) == ["new", "old"])
        #expect(try await store.workers(now: Self.time(86_401)).map(\.description.name) == ["new"])
        try await store.deleteProject(named: project.name)
        #expect(try await store.workers(now: Self.time(86_401)).map(\.job) == [nil])
        #expect(try await store.integrityCheck().isEmpty)
    }
}
