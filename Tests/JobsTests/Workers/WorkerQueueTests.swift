import Foundation
import JSON
import Jobs
import Network
import Store
import TestSupport
import Testing
import Training
import Volumes

/// Jobs that a worker computes; the server's part is the real one.
@Suite(.serialized, .timeLimit(.minutes(10))) struct WorkerQueueTests {
    /// A queue of a server that computes nothing itself, over the same data.
    private func queue(_ fixture: TrainingFixture, checkpointEvery interval: Double = 15) -> JobQueue {
        var settings = fixture.predictions.settings
        settings.computesJobs = false
        settings.checkpointInterval = interval
        return JobQueue(
            store: fixture.store, predictions: PredictionService(store: fixture.store, settings: settings),
            logger: .silent)
    }

    private func request(steps: Int, _ name: String) -> JobRequest {
        var request = TrainingRequest()
        request.recipe = TrainingFixture.recipe
        request.budget = Budget(steps: steps)
        request.from = "scratch"
        request.name = name
        return .train(request)
    }

    /// A worker that has claimed a job; `end(of:)` is asked once it has no more units, as that queue hears of none.
    private func worker(_ queue: JobQueue, named name: String = "near") async throws -> NearWorker {
        var description = NearWorker.description
        description.name = name
        let lease = try await queue.claim(description, token: nil, projects: nil, within: .seconds(60))
        return try NearWorker(try #require(lease))
    }

    private func weights(_ name: String, _ fixture: TrainingFixture) async throws -> [Float] {
        let model = try await fixture.store.model(project: fixture.project.id, name: name)
        let network = try Checkpoint(try await fixture.store.weights(model: model.id)).makeNetwork()
        return Array(network.parameters.values)
    }

    /// The labels and the probabilities of the prediction by a model.
    private func predicted(_ volume: VolumeRecord, _ name: String, _ fixture: TrainingFixture) async throws -> [[UInt8]]
    {
        let model = try await fixture.store.model(project: fixture.project.id, name: name)
        let prediction = try await fixture.store.prediction(volume: volume.id, model: model.id)
        return try [prediction.labels, prediction.probability].flatMap { grid in
            let source = try fixture.store.source(grid: grid)
            return try (0..<source.header.channels).map {
                try source.raw(Box(extent: volume.header.extent), channel: $0)
            }
        }
    }

    @Test func `a worker's training gives the model, the prediction and the report of the server's own`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                let job = try await fixture.queue.submit(request(steps: 12, "own"), to: fixture.project)
                #expect(try await fixture.end(of: job).state == .succeeded)
            }
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await queue.submit(request(steps: 12, "far"), to: fixture.project)
                let worker = try await worker(queue)
                #expect(worker.lease.job.id == job.id && worker.lease.attempt == 1)
                try await worker.work()
                let ended = try await fixture.end(of: job)
                #expect(ended.state == .succeeded, "\(ended.error ?? "")")
                #expect(ended.model == "far" && ended.worker == "near" && ended.host == "here")
                #expect(ended.result?.contains(#""volume":"kidney1""#) == true)
                let events = try await fixture.store.events(job: job.id).filter { $0.type == "state" }.map(\.data)
                #expect(
                    events == [
                        #"{"state":"queued"}"#, #"{"attempt":1,"host":"here","state":"running","worker":"near"}"#,
                        #"{"model":"far","state":"succeeded"}"#,
                    ])
                #expect(try await fixture.store.curve(job: job.id).last?.step == 12)
            }
            #expect(try await weights("far", fixture) == weights("own", fixture))
            #expect(try await predicted(volume, "far", fixture) == predicted(volume, "own", fixture))
            #expect(try await fixture.store.models(project: fixture.project.id).count == 2)
        }
    }

    @Test func `another worker goes on from the checkpoint of one that was lost, whose calls are refused`() async throws
    {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture, checkpointEvery: 0)
            try await withRunning {
                try await queue.run()
            } _: {
                let whole = try await queue.submit(request(steps: 10, "whole"), to: fixture.project)
                try await worker(queue).work()
                #expect(try await fixture.end(of: whole).state == .succeeded)
                let job = try await queue.submit(request(steps: 10, "resumed"), to: fixture.project)
                let lost = try await worker(queue, named: "lost")
                let unit = try #require(try await lost.unit())
                let late = try await lost.compute(unit, steps: 4)
                // Nothing is heard of it for an hour.
                try await queue.expireLeases(now: Date(timeIntervalSinceNow: 3600))
                let second = try await worker(queue, named: "second")
                #expect(second.lease.job.id == job.id && second.lease.attempt == 2)
                #expect(throws: StoreError.self) { try lost.send(late) }
                #expect(throws: StoreError.self) { try queue.held(job: job.id, attempt: 1, token: nil) }
                await #expect(throws: StoreError.self) {
                    try await queue.renewed(job: job.id, attempt: 1, token: nil)
                }
                try await second.work()
                let ended = try await fixture.end(of: job)
                #expect(ended.state == .succeeded && ended.attempts == 2 && ended.worker == "second")
                let log = try await fixture.store.events(job: job.id).filter { $0.type == "log" }.map(\.data)
                #expect(log.contains { $0.contains("continuing from the checkpoint at step") }, "\(log)")
            }
            #expect(try await weights("resumed", fixture) == weights("whole", fixture))
            #expect(try await fixture.store.models(project: fixture.project.id).count == 2)
        }
    }

    @Test func `a job that is given away again at once is its new worker's`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await queue.submit(request(steps: 2, "m"), to: fixture.project)
                var holder = try await worker(queue, named: "w0")
                for attempt in 2...40 {
                    try holder.send(WorkResult(number: 0, .returned))
                    var description = NearWorker.description
                    description.name = "w\(attempt)"
                    var lease: Lease?
                    // It is asked for all the time, so that it comes while its last attempt is still being put away.
                    while lease == nil {
                        lease = try await queue.claim(description, token: nil, projects: nil, within: .zero)
                    }
                    holder = try NearWorker(try #require(lease))
                    _ = try #require(try await holder.unit())
                    #expect(throws: Never.self) { try queue.held(job: job.id, attempt: attempt, token: nil) }
                }
                // And it hears of what is asked of the job.
                _ = try await queue.cancel(job)
                #expect(holder.lease.take(WorkReport()))
                try await holder.work()
                #expect(try await fixture.end(of: job).state == .cancelled)
            }
        }
    }

    @Test func `a job whose lease ended before the queue knew of it does not stay with nobody`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await queue.submit(request(steps: 2, "m"), to: fixture.project)
                let lost = try await worker(queue, named: "lost")
                _ = try #require(try await lost.unit())
                // As by a server so busy that the lease is over before the claim is answered.
                #expect(try await fixture.store.expireLeases(now: Date(timeIntervalSinceNow: 3600)).count == 1)
                try await queue.expireLeases()
                #expect(try await lost.unit() == nil)
                let second = try await worker(queue, named: "second")
                #expect(second.lease.job.id == job.id && second.lease.attempt == 2)
                try await second.work()
                #expect(try await fixture.end(of: job).state == .succeeded)
            }
        }
    }

    @Test func `a worker that stops gives its job back with what it has learned`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await queue.submit(request(steps: 10, "m"), to: fixture.project)
                let first = try await worker(queue)
                let unit = try #require(try await first.unit())
                try first.send(try await first.compute(unit, steps: 5).returned)
                #expect(try await first.unit() == nil)
                let second = try await worker(queue, named: "second")
                #expect(second.lease.attempt == 2)
                try await second.work()
                #expect(try await fixture.end(of: job).state == .succeeded)
                let log = try await fixture.store.events(job: job.id).filter { $0.type == "log" }.map(\.data)
                #expect(log.contains { $0.contains("continuing from the checkpoint at step 5") }, "\(log)")
                // One that has no unit gives its job back as well.
                let other = try await queue.submit(request(steps: 10, "n"), to: fixture.project)
                let third = try await worker(queue, named: "third")
                try third.send(WorkResult(number: 0, .returned))
                #expect(try await third.unit() == nil)
                #expect(try await worker(queue, named: "fourth").lease.attempt == 2)
                _ = try await queue.cancel(fixture.store.job(id: other.id))
            }
        }
    }

    @Test func `a cancelled job has its worker stop, and keeps what was learned`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await queue.submit(request(steps: 100_000, "m"), to: fixture.project)
                let worker = try await worker(queue)
                let unit = try #require(try await worker.unit())
                _ = try await queue.cancel(job)
                // Without being told to stop it would go on for hours.
                try worker.send(try await worker.compute(unit))
                #expect(try await worker.unit() == nil)
                let ended = try await fixture.end(of: job)
                #expect(ended.state == .cancelled && ended.model == "m")
            }
        }
    }

    @Test func `a unit that fails on a worker fails its job, and one that is sent twice counts once`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let failing = try await queue.submit(request(steps: 2, "m"), to: fixture.project)
                let first = try await worker(queue)
                let unit = try #require(try await first.unit())
                try first.send(WorkResult(number: unit.number, .failed, error: "there is nothing to learn"))
                #expect(try await first.unit() == nil)
                let failed = try await fixture.end(of: failing)
                #expect(failed.state == .failed && failed.error == "there is nothing to learn")
                let job = try await queue.submit(request(steps: 2, "n"), to: fixture.project)
                let second = try await worker(queue)
                let training = try #require(try await second.unit())
                let result = try await second.compute(training)
                try second.send(result)
                #expect(throws: StoreError.self) { try second.send(result) }
                let prediction = try #require(try await second.unit())
                #expect(prediction.kind == .predict && prediction.number == training.number + 1)
                #expect(throws: JobError.self) { try second.lease.take(PredictedPart(Data([1, 2, 3]))) }
                try second.send(try await second.compute(prediction))
                #expect(try await second.unit() == nil)
                #expect(try await fixture.end(of: job).state == .succeeded)
                #expect(try await fixture.store.predictions(volume: volume.id).map(\.modelName) == ["n"])
            }
        }
    }

    @Test func `a prediction of which parts did not come is not stored`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await queue.submit(request(steps: 2, "m"), to: fixture.project)
                let worker = try await worker(queue)
                try worker.send(try await worker.compute(try #require(try await worker.unit())))
                let prediction = try #require(try await worker.unit())
                try worker.send(try await worker.compute(prediction, sendsParts: false))
                #expect(try await worker.unit() == nil)
                let ended = try await fixture.end(of: job)
                #expect(ended.state == .failed && ended.error?.contains("sent 0 of the") == true, "\(ended)")
                #expect(try await fixture.store.predictions(volume: volume.id).isEmpty)
            }
        }
    }

    @Test func `a server that stops takes its jobs back, and their workers hear of it`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            var held: NearWorker?
            try await withRunning {
                try await queue.run()
            } _: {
                _ = try await queue.submit(request(steps: 10, "m"), to: fixture.project)
                held = try await worker(queue)
                #expect(try await held?.unit() != nil)
            }
            #expect(try await held?.unit() == nil)
            let job = try #require(try await fixture.store.jobs(project: fixture.project.id).first)
            #expect(job.state == .queued)
            #expect(try await fixture.store.workers().map(\.job) == [nil])
            #expect(try await queue.claim(NearWorker.description, token: nil, projects: nil, within: .zero) == nil)
        }
    }

    @Test func `a server that computes nothing itself asks for no memory of its own`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            var request = TrainingRequest()
            request.recipe = .object([
                "base": .number(256), "levels": .number(4), "batch": .number(64),
                "patch": .object(["z": .number(1024), "y": .number(1024), "x": .number(1024)]),
            ])
            let tooLarge = JobRequest.train(request)
            await #expect(throws: JobError.self) { try await fixture.queue.submit(tooLarge, to: fixture.project) }
            let queue = queue(fixture)
            let job = try await queue.submit(tooLarge, to: fixture.project)
            #expect(job.state == .queued)
            _ = try await queue.cancel(job)
        }
    }
}
