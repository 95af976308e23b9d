import Foundation
import JSON
import Jobs
import Store
import TestSupport
import Testing
import Training
import Volumes

/// Predictions whose tiles several workers share.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TileUnitTests {
    /// A queue with tiles so small that the volume has several.
    private func queue(_ fixture: TrainingFixture, computesJobs: Bool, haveHelpers: Bool = false) -> JobQueue {
        var settings = fixture.predictions.settings
        settings.computesJobs = computesJobs
        settings.tilesHaveHelpers = haveHelpers
        settings.tileMemory = 150_000
        return JobQueue(
            store: fixture.store, predictions: PredictionService(store: fixture.store, settings: settings),
            logger: .silent)
    }

    private func describe(_ name: String) -> WorkerDescription {
        var description = NearWorker.description
        description.name = name
        return description
    }

    private func worker(_ name: String, _ queue: JobQueue) async throws -> NearWorker {
        try NearWorker(
            try #require(
                try await queue.claim(describe(name), token: nil, projects: nil, within: .seconds(60))))
    }

    /// Waits until a job of a queue has ended and returns it.
    private func end(of job: JobRecord, _ queue: JobQueue, _ fixture: TrainingFixture) async throws -> JobRecord {
        for try await _ in queue.events(job: job.id) {}
        return try await fixture.store.job(id: job.id)
    }

    /// Says that a worker is there, which has nothing to do.
    private func announce(_ name: String, _ fixture: TrainingFixture) async throws {
        #expect(try await fixture.store.claimJob(by: describe(name), kinds: [], until: Date()) == nil)
    }

    /// The labels and the probabilities of the newest prediction.
    private func predicted(_ fixture: TrainingFixture) async throws -> [[UInt8]] {
        let volume = try await fixture.store.volume(project: fixture.project.id, name: "kidney1")
        let prediction = try await fixture.store.prediction(volume: volume.id)
        return try [prediction.labels, prediction.probability].flatMap { grid in
            let source = try fixture.store.source(grid: grid)
            return try (0..<source.header.channels).map {
                try source.raw(Box(extent: volume.header.extent), channel: $0)
            }
        }
    }

    /// Trains a model, and predicts the volume by it without any worker; gives back that prediction.
    private func prepare(_ fixture: TrainingFixture) async throws -> [[UInt8]] {
        _ = try await fixture.addAnnotatedVolume("kidney1")
        let own = queue(fixture, computesJobs: true)
        try await withRunning {
            try await own.run()
        } _: {
            var request = TrainingRequest()
            request.recipe = TrainingFixture.recipe
            request.budget = Budget(steps: 4)
            request.name = "m"
            let job = try await own.submit(.train(request), to: fixture.project)
            #expect(try await end(of: job, own, fixture).state == .succeeded)
        }
        #expect(try await fixture.store.units(of: 1).isEmpty)
        return try await predicted(fixture)
    }

    private func log(_ job: JobRecord, _ fixture: TrainingFixture) async throws -> [String] {
        try await fixture.store.events(job: job.id).filter { $0.type == "log" }.map(\.data)
    }

    @Test func `tiles that two workers share are those of the server's own prediction`() async throws {
        try await withTrainingFixture { fixture in
            let own = try await prepare(fixture)
            let queue = queue(fixture, computesJobs: false)
            try await withRunning {
                try await queue.run()
            } _: {
                try await announce("second", fixture)
                let job = try await queue.submit(.predict(PredictionRequest(model: "m")), to: fixture.project)
                let first = try await worker("first", queue)
                #expect(first.lease.job.id == job.id)
                let unit = try #require(try await first.unit())
                let second = try await worker("second", queue)
                #expect(second.lease.job.parent == job.id && second.lease.job.number == 1)
                try await second.work()
                let volume = try await fixture.store.volume(project: fixture.project.id, name: "kidney1")
                #expect(!second.fetched.contains(volume.header.byteCount), "a tile needs a part of the volume")
                try first.send(try await first.compute(unit))
                try await first.work()
                let ended = try await end(of: job, queue, fixture)
                #expect(ended.state == .succeeded, "\(ended.error ?? "")")
                #expect(try await predicted(fixture) == own)
                let log = try await log(job, fixture)
                #expect(log.contains { $0.contains("tiles of kidney1: ") && $0.contains("1 by second") }, "\(log)")
                #expect(try await fixture.store.units(of: job.id).count > 1)
                #expect(try await fixture.store.jobs(project: fixture.project.id).count == 2)
            }
        }
    }

    @Test func `where helpers come, tiles wait for them although no other worker is known, and each counts once`()
        async throws
    {
        try await withTrainingFixture { fixture in
            let own = try await prepare(fixture)
            let queue = queue(fixture, computesJobs: false, haveHelpers: true)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await queue.submit(.predict(PredictionRequest(model: "m")), to: fixture.project)
                let later = try await queue.submit(.predict(PredictionRequest(model: "m")), to: fixture.project)
                let first = try await worker("first", queue)
                let unit = try #require(try await first.unit())
                #expect(try unit.text().contains(#""tile":{"#))
                #expect(try await fixture.store.waitingUnits(kind: "tile")[job.id] ?? 0 > 1)
                while let lease = try await queue.claim(
                    describe("helper"), token: nil, projects: nil, tilesOf: job.id, within: .zero)
                {
                    #expect(lease.job.parent == job.id)
                    try await NearWorker(lease).work()
                }
                #expect(try await fixture.store.job(id: later.id).state == .queued, "it is not the helper's")
                try first.send(try await first.compute(unit))
                try await first.work()
                let ended = try await end(of: job, queue, fixture)
                #expect(ended.state == .succeeded, "\(ended.error ?? "")")
                #expect(try await predicted(fixture) == own)
                let tiles = try await fixture.store.units(of: job.id)
                #expect(tiles.allSatisfy { $0.attempts == 1 && $0.state == .succeeded })
                #expect(tiles.count { $0.worker == "helper" } == tiles.count - 1)
                await #expect(throws: StoreError.conflict("job \(job.id) has succeeded")) {
                    _ = try await queue.claim(
                        describe("helper"), token: nil, projects: nil, tilesOf: job.id, within: .zero)
                }
                _ = try await queue.cancel(later)
            }
        }
    }

    @Test func `a tile whose worker is lost is predicted by whoever has the job`() async throws {
        try await withTrainingFixture { fixture in
            let own = try await prepare(fixture)
            let queue = queue(fixture, computesJobs: false)
            try await withRunning {
                try await queue.run()
            } _: {
                try await announce("second", fixture)
                let job = try await queue.submit(.predict(PredictionRequest(model: "m")), to: fixture.project)
                let first = try await worker("first", queue)
                let unit = try #require(try await first.unit())
                let second = try await worker("second", queue)
                let other = try #require(try await second.unit())
                // The first one goes on; of the second nothing more is heard.
                try await fixture.store.renewLease(
                    job: job.id, attempt: 1, until: Date(timeIntervalSinceNow: 7200))
                try await queue.expireLeases(now: Date(timeIntervalSinceNow: 3600))
                await #expect(throws: StoreError.self) { _ = try await second.compute(other) }
                try first.send(try await first.compute(unit))
                try await first.work()
                let ended = try await end(of: job, queue, fixture)
                #expect(ended.state == .succeeded && ended.attempts == 1, "\(ended.error ?? "")")
                #expect(try await predicted(fixture) == own)
                #expect(try await fixture.store.units(of: job.id).map(\.attempts).contains(2))
            }
        }
    }

    @Test func `a prediction that is given back takes its tiles along, and others begin it anew`() async throws {
        try await withTrainingFixture { fixture in
            let own = try await prepare(fixture)
            let queue = queue(fixture, computesJobs: false)
            try await withRunning {
                try await queue.run()
            } _: {
                try await announce("second", fixture)
                let job = try await queue.submit(.predict(PredictionRequest(model: "m")), to: fixture.project)
                let first = try await worker("first", queue)
                _ = try #require(try await first.unit())
                let second = try await worker("second", queue)
                _ = try #require(try await second.unit())
                try first.send(WorkResult(number: 0, .returned))
                #expect(try await first.unit() == nil)
                while try await fixture.store.job(id: job.id).state == .running { await Task.yield() }
                try await queue.expireLeases()
                #expect(try await second.unit() == nil)
                let third = try await worker("third", queue)
                #expect(third.lease.job.id == job.id && third.lease.attempt == 2)
                try await third.work()
                let ended = try await end(of: job, queue, fixture)
                #expect(ended.state == .succeeded, "\(ended.error ?? "")")
                #expect(try await predicted(fixture) == own)
                #expect(try await fixture.store.units(of: job.id).allSatisfy { $0.state == .succeeded })
            }
        }
    }
}
