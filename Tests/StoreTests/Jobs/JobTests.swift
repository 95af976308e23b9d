import Foundation
import Store
import TestSupport
import Testing

@Suite struct JobTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func add(_ project: ProjectRecord, _ count: Int = 1) async throws -> [Int64] {
        var ids: [Int64] = []
        for _ in 0..<count {
            ids.append(try await fixture.store.addJob(project: project.id, kind: "train", request: "{\"a\":1}").id)
        }
        return ids
    }

    @Test func `a job goes from queued over running to succeeded`() async throws {
        let project = try await fixture.project()
        let store = fixture.store
        let queued = try await store.addJob(project: project.id, kind: "train", request: "{\"a\":1}")
        #expect(
            queued.state == .queued && queued.attempts == 0 && queued.started == nil && queued.request == "{\"a\":1}")
        let running = try #require(try await store.nextQueuedJob())
        #expect(running.id == queued.id && running.state == .running && running.attempts == 1)
        #expect(running.started != nil)
        #expect(try await store.nextQueuedJob() == nil)
        #expect(try await store.updateProgress(job: queued.id, "{\"step\":3}").progress == "{\"step\":3}")
        let done = try await store.finish(job: queued.id, state: .succeeded, model: "m", result: "{}")
        #expect(done.state == .succeeded && done.model == "m" && done.result == "{}" && done.finished != nil)
        #expect(try await store.job(project: project.id, id: queued.id) == done)
    }

    @Test func `jobs are taken oldest first and each once`() async throws {
        let project = try await fixture.project()
        let ids = try await add(project, 20)
        let taken = try await withThrowingTaskGroup(of: Int64?.self) { group in
            for _ in 0..<25 { group.addTask { try await fixture.store.nextQueuedJob()?.id } }
            return try await group.reduce(into: [Int64]()) { if let id = $1 { $0.append(id) } }
        }
        #expect(taken.sorted() == ids)
        let more = try await add(project, 2)
        #expect(try await fixture.store.nextQueuedJob()?.id == more[0])
    }

    @Test func `jobs are listed newest first, by state and project`() async throws {
        let project = try await fixture.project()
        let other = try await fixture.project("other")
        let ids = try await add(project, 3)
        _ = try await add(other)
        _ = try await fixture.store.nextQueuedJob()
        #expect(try await fixture.store.jobs(project: project.id).map(\.id) == ids.reversed())
        #expect(try await fixture.store.jobs(project: project.id, state: .running).map(\.id) == [ids[0]])
        #expect(await failure { _ = try await fixture.store.job(project: other.id, id: ids[0]) }?.isNotFound == true)
    }

    @Test func `cancelling ends a queued job at once and marks a running one`() async throws {
        let project = try await fixture.project()
        let ids = try await add(project, 2)
        _ = try await fixture.store.nextQueuedJob()
        let running = try await fixture.store.requestCancel(project: project.id, id: ids[0])
        #expect(running.state == .running && running.cancelRequested)
        #expect(try await fixture.store.updateProgress(job: ids[0], "{}").cancelRequested)
        let queued = try await fixture.store.requestCancel(project: project.id, id: ids[1])
        #expect(queued.state == .cancelled && queued.finished != nil)
        #expect(try await fixture.store.requestCancel(project: project.id, id: ids[1]) == queued)
        try await fixture.store.finish(job: ids[0], state: .cancelled, model: "kept")
        #expect(try await fixture.store.job(id: ids[0]).model == "kept")
    }

    @Test func `what has ended is neither cancelled, nor ended again, nor given progress`() async throws {
        let project = try await fixture.project()
        let id = try await add(project)[0]
        let store = fixture.store
        #expect(await failure { try await store.finish(job: id, state: .succeeded) }?.isConflict == true)
        #expect(await failure { try await store.updateProgress(job: id, "{}") }?.isConflict == true)
        _ = try await store.nextQueuedJob()
        #expect(await failure { try await store.finish(job: id, state: .queued) }?.isConstraint == true)
        #expect(await failure { try await store.updateProgress(job: id, "not JSON") }?.isConstraint == true)
        #expect(try await store.finish(job: id, state: .failed).error != nil)
        #expect(await failure { try await store.finish(job: id, state: .succeeded) }?.isConflict == true)
        #expect(await failure { _ = try await store.requestCancel(project: project.id, id: id) }?.isConflict == true)
        #expect(await failure { try await store.updateProgress(job: 99, "{}") }?.isNotFound == true)
    }

    @Test func `only failed and cancelled jobs are tried again, as new ones`() async throws {
        let project = try await fixture.project()
        let id = try await add(project)[0]
        let store = fixture.store
        #expect(await failure { _ = try await store.retry(project: project.id, id: id) }?.isConflict == true)
        _ = try await store.nextQueuedJob()
        try await store.finish(job: id, state: .failed, error: "no memory")
        let again = try await store.retry(project: project.id, id: id)
        #expect(again.id != id && again.state == .queued && again.request == "{\"a\":1}" && again.attempts == 0)
        #expect(try await store.job(id: id).error == "no memory")
        _ = try await store.nextQueuedJob()
        try await store.finish(job: again.id, state: .succeeded)
        #expect(await failure { _ = try await store.retry(project: project.id, id: again.id) }?.isConflict == true)
    }

    @Test func `a name is one training's, from when it waits`() async throws {
        let project = try await fixture.project()
        let store = fixture.store
        func add(_ name: String) async throws -> Int64 {
            try await store.addJob(project: project.id, kind: "train", request: "{\"name\":\"\(name)\"}").id
        }
        let job = try await add("round1")
        #expect(await failure { _ = try await add("round1") }?.isConflict == true)
        #expect(await failure { _ = try await fixture.model("round1", in: project) }?.isConflict == true)
        _ = try await store.nextQueuedJob()
        _ = try await fixture.model("round1", in: project, job: job)
        try await store.finish(job: job, state: .cancelled)
        #expect(await failure { _ = try await add("round1") }?.isConflict == true)
        #expect(await failure { _ = try await store.retry(project: project.id, id: job) }?.isConflict == true)
        let again = try await store.retry(project: project.id, id: job, request: "{\"name\":\"round2\"}")
        #expect(again.state == .queued)
        // Only trainings make models, and only in their own project.
        _ = try await store.addJob(project: project.id, kind: "predict", request: "{\"name\":\"round2\"}")
        let other = try await fixture.project("other")
        _ = try await store.addJob(project: other.id, kind: "train", request: "{\"name\":\"round2\"}")
    }

    @Test func `interrupted jobs are queued again and keep their checkpoint`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        do {
            let store = try Store(folder: folder.url)
            let project = try await store.putProject(name: "p", description: nil, classes: []).project
            for _ in 0..<3 { _ = try await store.addJob(project: project.id, kind: "train", request: "{}") }
            _ = try await store.nextQueuedJob()
            _ = try await store.nextQueuedJob()
            try await store.saveCheckpoint(job: 1, Data([1, 2]))
            _ = try await store.requestCancel(project: project.id, id: 2)
        }
        let store = try Store(folder: folder.url)
        let interrupted = try await store.requeueInterrupted()
        #expect(interrupted.map(\.state) == [.queued, .cancelled])
        #expect(try await store.requeueInterrupted().isEmpty)
        let first = try #require(try await store.nextQueuedJob())
        #expect(first.id == 1 && first.attempts == 2)
        #expect(try await store.checkpoint(job: 1) == Data([1, 2]))
    }

    /// Takes the oldest job and has its process end.
    private func die(_ id: Int64, during work: () async throws -> Void = {}) async throws -> JobRecord {
        #expect(try await fixture.store.nextQueuedJob()?.id == id)
        try await work()
        let jobs = try await fixture.store.requeueInterrupted()
        return try #require(jobs.first)
    }

    @Test func `a job that ends the service three times and gets no further fails, whatever it had stored before`()
        async throws
    {
        let project = try await fixture.project()
        let ids = try await add(project, 3)
        let store = fixture.store
        for state in [JobState.queued, .queued, .failed] { #expect(try await die(ids[0]).state == state) }
        #expect(try await store.job(id: ids[0]).error?.contains("3 times") == true)
        // What it stores is progress, but only once.
        for attempt in 0..<5 {
            let job = try await die(ids[1]) {
                try await store.saveCheckpoint(job: ids[1], Data([UInt8(attempt)]))
            }
            #expect(job.state == .queued)
        }
        for state in [JobState.queued, .queued, .failed] { #expect(try await die(ids[1]).state == state) }
        #expect(try await store.checkpoint(job: ids[1]) == nil)
        // The same for one whose training is done: it keeps its model.
        for state in [JobState.queued, .queued, .queued, .failed] {
            let job = try await die(ids[2]) {
                guard try await store.models(project: project.id).isEmpty else { return }
                try await store.saveCheckpoint(job: ids[2], Data([1]))
                _ = try await fixture.model("round1", in: project, job: ids[2])
                #expect(try await store.checkpoint(job: ids[2]) == nil)
                // A report that comes late.
                try await store.saveCheckpoint(job: ids[2], Data([2]))
                #expect(try await store.checkpoint(job: ids[2]) == nil)
            }
            #expect(job.state == state)
        }
        #expect(try await store.job(id: ids[2]).model == "round1")
    }

    @Test func `an operator may stop the service as often as they like`() async throws {
        let project = try await fixture.project()
        let id = try await add(project)[0]
        for _ in 0..<10 {
            #expect(try await fixture.store.nextQueuedJob()?.id == id)
            #expect(try await fixture.store.requeueInterrupted(isOrderly: true).map(\.state) == [.queued])
        }
    }

    @Test func `a job to be cancelled whose service has ended never starts again, and keeps its model`() async throws {
        let project = try await fixture.project()
        let ids = try await add(project, 2)
        let store = fixture.store
        // Trained, and killed in its prediction.
        let trained = try await die(ids[0]) {
            _ = try await fixture.model("round1", in: project, job: ids[0])
            _ = try await store.requestCancel(project: project.id, id: ids[0])
        }
        #expect(trained.state == .cancelled && trained.model == "round1")
        // Killed as it went on from its checkpoint.
        _ = try await die(ids[1]) { try await store.saveCheckpoint(job: ids[1], Data([1])) }
        _ = try await die(ids[1])
        #expect(try await store.requestCancel(project: project.id, id: ids[1]).state == .cancelled)
        #expect(try await store.nextQueuedJob() == nil)
    }

    @Test func `a job with a checkpoint that is cancelled while it waits runs first, to keep what it has`() async throws
    {
        let project = try await fixture.project()
        let ids = try await add(project, 3)
        let store = fixture.store
        for id in ids[..<2] {
            _ = try await store.nextQueuedJob()
            try await store.saveCheckpoint(job: id, Data([1]))
        }
        try await store.requeueInterrupted()
        let cancelled = try await store.requestCancel(project: project.id, id: ids[1])
        #expect(cancelled.state == .queued && cancelled.cancelRequested)
        let next = try #require(try await store.nextQueuedJob())
        #expect(next.id == ids[1] && next.cancelRequested)
        try await store.finish(job: ids[1], state: .cancelled, model: "kept")
        #expect(try await store.nextQueuedJob()?.id == ids[0])
    }

    @Test func `a checkpoint replaces the one before and goes when the job ends`() async throws {
        let project = try await fixture.project()
        let id = try await add(project)[0]
        let store = fixture.store
        #expect(await failure { try await store.saveCheckpoint(job: id, Data([1])) }?.isConflict == true)
        _ = try await store.nextQueuedJob()
        #expect(try await store.checkpoint(job: id) == nil)
        for value in 1...3 as ClosedRange<UInt8> { try await store.saveCheckpoint(job: id, Data([value])) }
        #expect(try await store.checkpoint(job: id) == Data([3]))
        try await store.deleteCheckpoint(job: id)
        #expect(try await store.checkpoint(job: id) == nil)
        try await store.saveCheckpoint(job: id, Data([4]))
        try await store.finish(job: id, state: .cancelled)
        #expect(try await store.checkpoint(job: id) == nil)
    }

    @Test func `events are numbered and read from where one left off`() async throws {
        let project = try await fixture.project()
        let ids = try await add(project, 2)
        let store = fixture.store
        let first = try await store.appendEvent(job: ids[0], type: "state", data: "{\"state\":\"running\"}")
        let other = try await store.appendEvent(job: ids[1], type: "log", data: "{}")
        let second = try await store.appendEvent(job: ids[0], type: "progress", data: "{\"step\":1}")
        #expect(first < other && other < second)
        #expect(try await store.events(job: ids[0]).map(\.sequence) == [first, second])
        let rest = try await store.events(job: ids[0], after: first)
        #expect(rest.map(\.type) == ["progress"] && rest.map(\.data) == ["{\"step\":1}"])
        #expect(await failure { try await store.appendEvent(job: 99, type: "log", data: "{}") }?.isNotFound == true)
        #expect(
            await failure { try await store.appendEvent(job: ids[0], type: "log", data: "{") }?.isConstraint == true)
    }

    @Test func `a curve keeps one point for each step and no number that is none`() async throws {
        let project = try await fixture.project()
        let id = try await add(project)[0]
        let store = fixture.store
        try await store.appendCurve(
            job: id,
            [
                CurvePointRecord(step: 20, seconds: 2, loss: .nan), CurvePointRecord(step: 10, seconds: 1, loss: 0.5),
            ])
        try await store.appendCurve(job: id, [CurvePointRecord(step: 10, seconds: 1.5, loss: 0.4, heldOutIoU: 0.7)])
        #expect(
            try await store.curve(job: id) == [
                CurvePointRecord(step: 10, seconds: 1.5, loss: 0.4, heldOutIoU: 0.7),
                CurvePointRecord(step: 20, seconds: 2, loss: nil),
            ])
    }
}
