import Foundation
import JSON
import Jobs
import Store
import TestSupport
import Testing
import Training

/// Experiments whose runs several workers share.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TrialUnitTests {
    private func request(steps: Int, _ kind: ExperimentKind = .crossvalidate, folds: Int? = 4) -> JobRequest {
        var request = ExperimentRequest(kind)
        request.recipe = TrainingFixture.recipe
        request.budget = Budget(steps: steps)
        request.folds = folds
        request.variants = [.object(["name": .string("one")])]
        return .experiment(request)
    }

    /// A queue of a server that computes nothing itself, over the same data.
    private func queue(_ fixture: TrainingFixture, checkpointEvery interval: Double = 15) -> JobQueue {
        var settings = fixture.predictions.settings
        settings.computesJobs = false
        settings.checkpointInterval = interval
        return JobQueue(
            store: fixture.store, predictions: PredictionService(store: fixture.store, settings: settings),
            logger: .silent)
    }

    private func worker(_ name: String, _ queue: JobQueue) async throws -> NearWorker {
        var description = NearWorker.description
        description.name = name
        return try NearWorker(
            try #require(try await queue.claim(description, token: nil, projects: nil, within: .seconds(60))))
    }

    /// Waits until a job of a queue has ended and returns it.
    private func end(of job: JobRecord, _ queue: JobQueue, _ fixture: TrainingFixture) async throws -> JobRecord {
        for try await _ in queue.events(job: job.id) {}
        return try await fixture.store.job(id: job.id)
    }

    /// The result of an experiment without the times that it took.
    private func result(_ job: JobRecord) throws -> ExperimentResult {
        var result: ExperimentResult = try JSONText.decode(from: job.result ?? "{}")
        for run in result.runs.indices { (result.runs[run].seconds, result.runs[run].predictionSeconds) = (0, 0) }
        return result
    }

    private func log(_ job: JobRecord, _ fixture: TrainingFixture) async throws -> [String] {
        try await fixture.store.events(job: job.id).filter { $0.type == "log" }.map(\.data)
    }

    @Test(arguments: [ExperimentKind.crossvalidate, .transfer])
    func `runs that two workers share give what the server's own give, and people see one job`(kind: ExperimentKind)
        async throws
    {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            if kind == .transfer { try await fixture.setTruth(try await fixture.addAnnotatedVolume("kidney2")) }
            let wanted = request(steps: 6, kind, folds: kind == .crossvalidate ? 4 : nil)
            var own: ExperimentResult?
            try await fixture.running {
                let job = try await fixture.end(of: try await fixture.queue.submit(wanted, to: fixture.project))
                #expect(job.state == .succeeded, "\(job.error ?? "")")
                own = try result(job)
            }
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await queue.submit(wanted, to: fixture.project)
                let (first, second) = (try await worker("first", queue), try await worker("second", queue))
                #expect([first, second].map(\.lease.job.parent) == [job.id, job.id])
                #expect([first, second].map(\.lease.job.number) == [0, 1])
                // The later one is done before.
                try await second.work()
                try await first.work()
                for _ in 2..<(own?.runs.count ?? 0) { try await worker("first", queue).work() }
                let ended = try await end(of: job, queue, fixture)
                #expect(ended.state == .succeeded && ended.attempts == 1, "\(ended.error ?? "")")
                #expect(try result(ended) == own)
                let log = try await log(job, fixture)
                #expect(log.contains { $0.contains("run 2: attempt 1 by the worker second on here") }, "\(log)")
                #expect(log.contains { $0.contains("run 1 of") && $0.contains("by the worker first") }, "\(log)")
                #expect(try await fixture.store.jobs(project: fixture.project.id).count == 2)
                #expect(try await fixture.store.jobCounts()[.succeeded] == 2)
                await #expect(throws: StoreError.self) {
                    try await fixture.store.job(project: fixture.project.id, id: first.lease.job.id)
                }
                let progress: JobProgress = try JSONText.decode(from: ended.progress ?? "{}")
                #expect(progress.runs == own?.runs.count && progress.title != nil)
            }
        }
    }

    @Test func `a run whose worker is lost goes on from its checkpoint, and gives the same`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture, checkpointEvery: 0)
            try await withRunning {
                try await queue.run()
            } _: {
                let whole = try await queue.submit(request(steps: 10, folds: 2), to: fixture.project)
                for _ in 0..<2 { try await worker("near", queue).work() }
                let before = try await end(of: whole, queue, fixture)
                let job = try await queue.submit(request(steps: 10, folds: 2), to: fixture.project)
                let lost = try await worker("lost", queue)
                let late = try await lost.compute(try #require(try await lost.unit()), steps: 4)
                try await queue.expireLeases(now: Date(timeIntervalSinceNow: 3600))
                while try await fixture.store.job(id: lost.lease.job.id).state == .running { await Task.yield() }
                let second = try await worker("second", queue)
                #expect(second.lease.job.id == lost.lease.job.id && second.lease.attempt == 2)
                #expect(throws: StoreError.self) { try lost.send(late) }
                // One that is told to stop gives its run back with what it has learned.
                try second.send(try await second.compute(try #require(try await second.unit()), steps: 7).returned)
                #expect(try await second.unit() == nil)
                for _ in 0..<2 { try await worker("third", queue).work() }
                let ended = try await end(of: job, queue, fixture)
                #expect(ended.state == .succeeded, "\(ended.error ?? "")")
                #expect(try result(ended) == result(before))
                let log = try await log(job, fixture)
                #expect(log.contains { $0.contains("run 1: continuing from the checkpoint at step 7") }, "\(log)")
            }
        }
    }

    @Test func `a cancelled experiment has its workers stop and keeps the runs that were made`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                var long = ExperimentRequest(.crossvalidate)
                long.recipe = TrainingFixture.recipe
                long.folds = 2
                long.budget = Budget(steps: 4)
                long.variants = [.object(["name": .string("one")]), .object(["norm": .string("none")])]
                let job = try await queue.submit(.experiment(long), to: fixture.project)
                try await worker("first", queue).work()
                let second = try await worker("second", queue)
                let unit = try #require(try await second.unit())
                _ = try await queue.cancel(job)
                try second.send(try await second.compute(unit))
                let ended = try await end(of: job, queue, fixture)
                #expect(ended.state == .cancelled, "\(ended.error ?? "")")
                #expect(try result(ended).runs.count == 1)
                let units = try await fixture.store.units(of: job.id)
                #expect(units.map(\.state) == [.succeeded, .cancelled, .cancelled, .cancelled])
                #expect(try await queue.claim(NearWorker.description, token: nil, projects: nil, within: .zero) == nil)
            }
        }
    }

    @Test func `a run that fails on a worker fails its experiment, and nobody begins the others`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await queue.submit(request(steps: 2), to: fixture.project)
                let worker = try await worker("near", queue)
                let unit = try #require(try await worker.unit())
                try worker.send(WorkResult(number: unit.number, .failed, error: "there is no memory"))
                let ended = try await end(of: job, queue, fixture)
                #expect(ended.state == .failed && ended.error == "run 1 failed: there is no memory")
                #expect(try await fixture.store.units(of: job.id).dropFirst().allSatisfy { $0.state == .cancelled })
            }
        }
    }

    @Test func `an experiment whose server stops goes on with the runs that are left`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let job = try await fixture.queue.submit(request(steps: 2, folds: 3), to: fixture.project)
            let first = queue(fixture)
            try await withRunning {
                try await first.run()
            } _: {
                try await worker("near", first).work()
                for try await event in first.events(job: job.id) where event.data.contains("run 1 of 3") { break }
            }
            #expect(try await fixture.store.job(id: job.id).state == .queued)
            // Until it runs again nobody is given its units.
            #expect(try await fixture.store.nextQueuedJob(except: ["crossvalidate"]) == nil)
            let successor = try await TrainingFixture(store: fixture.store)
            try await successor.running {
                let ended = try await successor.end(of: job)
                #expect(ended.state == .succeeded && ended.attempts == 2, "\(ended.error ?? "")")
                #expect(try result(ended).runs.map(\.steps) == [2, 2, 2])
                #expect(try await fixture.store.units(of: job.id).map(\.attempts) == [1, 1, 1])
                let log = try await log(job, fixture)
                #expect(log.contains { $0.contains("continuing after run 1 of 3") }, "\(log)")
            }
        }
    }
}
