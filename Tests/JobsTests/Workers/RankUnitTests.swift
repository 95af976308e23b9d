import Foundation
import JSON
import Jobs
import Network
import Store
import TestSupport
import Testing
import Training

/// Units that two ranks of a worker train together; here they are threads.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RankUnitTests {
    /// Has nothing that is asked for.
    private struct EmptySource: WorkSource {
        struct Lack: Error {}

        func file(_ content: WorkUnit.Content) async throws -> URL { throw Lack() }

        func data(_ content: WorkUnit.Content) async throws -> Data { throw Lack() }
    }

    /// A queue whose trainings may have several ranks, over the same data.
    private func queue(_ fixture: TrainingFixture) -> JobQueue {
        var settings = fixture.predictions.settings
        (settings.rankLauncher, settings.computesJobs) = (.slurm, false)
        return JobQueue(
            store: fixture.store, predictions: PredictionService(store: fixture.store, settings: settings),
            logger: .silent)
    }

    private func submit(_ name: String, steps: Int, ranks: Int, _ queue: JobQueue, _ fixture: TrainingFixture)
        async throws -> JobRecord
    {
        var request = TrainingRequest()
        request.recipe = TrainingFixture.recipe
        request.budget = Budget(steps: steps)
        (request.from, request.name, request.ranks) = ("scratch", name, ranks)
        return try await queue.submit(.train(request), to: fixture.project)
    }

    /// The two ranks of a worker that has claimed a job.
    private func ranks(for job: JobRecord, _ queue: JobQueue) async throws -> (first: NearWorker, second: NearWorker) {
        let lease = try #require(
            try await queue.claim(
                NearWorker.description, token: nil, projects: nil, job: job.id, ranks: 2, within: .seconds(60)))
        let threads = ThreadRanks(2)
        return (
            try NearWorker(lease) { threads.group(of: 0) }, try NearWorker(lease) { threads.group(of: 1) }
        )
    }

    private func weights(_ name: String, _ fixture: TrainingFixture) async throws -> [Float] {
        let model = try await fixture.store.model(project: fixture.project.id, name: name)
        let network = try Checkpoint(try await fixture.store.weights(model: model.id)).makeNetwork()
        return withExtendedLifetime(network) { Array(network.parameters.values) }
    }

    @Test func `two ranks learn one model, from more than one of them draws; the first alone predicts by it`()
        async throws
    {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let alone = try await submit("alone", steps: 12, ranks: 1, queue, fixture)
                try await NearWorker(
                    try #require(
                        try await queue.claim(NearWorker.description, token: nil, projects: nil, within: .seconds(60)))
                ).work()
                #expect(try await fixture.end(of: alone).state == .succeeded)

                let job = try await submit("together", steps: 12, ranks: 2, queue, fixture)
                let (first, second) = try await ranks(for: job, queue)
                let unit = try #require(try await first.unit())
                async let other = second.follow(unit, from: second)
                let result = try await first.compute(unit)
                #expect(try await other.failure == nil)
                try first.send(result)
                try await first.work()
                let ended = try await fixture.end(of: job)
                #expect(ended.state == .succeeded, "\(ended.error ?? "")")
                #expect(ended.result?.contains(#""ranks":2"#) == true)
                #expect(ended.result?.contains(#""volume":"kidney1""#) == true)
                let log = try await fixture.store.events(job: job.id).filter { $0.type == "log" }.map(\.data)
                #expect(log.contains { $0.contains("with 2 ranks") }, "\(log)")
            }
            #expect(try await weights("together", fixture) != weights("alone", fixture))
        }
    }

    @Test func `both ranks stop after the step at which the first one has to, and go on from there`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await submit("m", steps: 12, ranks: 2, queue, fixture)
                for steps in [5, nil] {
                    let (first, second) = try await ranks(for: job, queue)
                    let unit = try #require(try await first.unit())
                    async let other = second.follow(unit, from: second)
                    let result = try await first.compute(unit, steps: steps)
                    #expect(try await other.failure == nil)
                    try first.send(steps == nil ? result : result.returned)
                    try await first.work()
                }
                let ended = try await fixture.end(of: job)
                #expect(ended.state == .succeeded && ended.attempts == 2, "\(ended.error ?? "")")
                let log = try await fixture.store.events(job: job.id).filter { $0.type == "log" }.map(\.data)
                #expect(log.contains { $0.contains("continuing from the checkpoint at step 5") }, "\(log)")
            }
        }
    }

    @Test func `no rank begins before all have what the training needs`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let queue = queue(fixture)
            try await withRunning {
                try await queue.run()
            } _: {
                let job = try await submit("m", steps: 2, ranks: 2, queue, fixture)
                let (first, second) = try await ranks(for: job, queue)
                let unit = try #require(try await first.unit())
                let other = Task { try await second.follow(unit, from: EmptySource()) }
                await #expect(throws: RankError.unready) { try await first.compute(unit) }
                await #expect(throws: EmptySource.Lack.self) { try await other.value }
                try first.send(WorkResult(number: 0, .returned))
                #expect(try await first.unit() == nil)
            }
        }
    }
}
