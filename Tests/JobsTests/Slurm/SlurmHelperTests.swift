import Foundation
import JSON
import Jobs
import Slurm
import Store
import Testing
import Training

/// Predictions whose tiles helpers compute that Slurm starts.
@Suite(.timeLimit(.minutes(5))) struct SlurmHelperTests {
    private func states(_ world: SlurmWorld) -> [String] { world.slurm.list.map { "\($0.id) \($0.state)" } }

    private func log(_ job: JobRecord, _ world: SlurmWorld) async throws -> [String] {
        struct Line: Decodable { var message: String }
        return try await world.store.events(job: job.id).filter { $0.type == "log" }.map {
            try JSONText.decode(Line.self, from: $0.data).message
        }
    }

    /// A tile is done by whoever has it.
    private func finish(_ tile: JobRecord?, _ world: SlurmWorld) async throws {
        let tile = try #require(tile)
        try await world.store.finish(job: tile.id, attempt: tile.attempts, state: .succeeded, result: "{}")
    }

    @Test func `helpers are an array, one for four tiles that wait, until the prediction has ended`() async throws {
        try await withSlurmWorld { world in
            let (job, tiles) = try await world.prediction(tiles: 9)
            let own = try await world.store.nextUnit(of: job.id)
            await world.round(at: 1)
            #expect(world.slurm.arrays == ["0-1"], "for 8 tiles")
            let array = try #require(world.slurm.submissions.last)
            #expect(array.contains("--comment=slicewise/abc/\(job.id)/tiles") && array.contains("--qos=fast"))
            #expect(array.contains("--job-name=slicewise-\(job.id)-tiles"))
            #expect(try await log(job, world) == ["2 helpers for 8 tiles submitted to Slurm as job 2"])
            // What Slurm says of them is nothing that Slurm says of the job.
            world.slurm.set(2, task: 0, "RUNNING", node: "n2")
            let first = try await world.claimTile(of: job, by: "slurm-2_0")
            #expect(first?.parent == job.id && first?.number == 1)
            for seconds in [100, 200] { await world.round(at: seconds) }
            #expect(try await world.status(job)?.contains(#""job":1,"node":"n1""#) == true)
            #expect(try await world.told(job) == ["PENDING", "RUNNING"])
            #expect(world.slurm.submissions.count == 2 && states(world) == ["1 RUNNING", "2_0 RUNNING", "2_1 PENDING"])

            try await finish(own, world)
            try await finish(first, world)
            for _ in tiles.dropFirst(2) { try await finish(try await world.store.nextUnit(of: job.id), world) }
            try await world.store.finish(job: job.id, state: .succeeded)
            await world.round(at: 201)
            #expect(states(world) == ["1 RUNNING", "2_0 RUNNING", "2_1 CANCELLED"], "the others end by themselves")
            await world.round(at: 216)
            #expect(states(world) == ["1 CANCELLED", "2_0 CANCELLED", "2_1 CANCELLED"])
            #expect(world.slurm.submissions.count == 2)
        }
    }

    @Test(arguments: [(0, 9, 0), (3, 1, 1), (3, 4, 1), (3, 5, 2), (3, 400, 3), (8, 400, 8)])
    func `there are no more helpers than the setting says`(most: Int, tiles: Int, helpers: Int) async throws {
        try await withSlurmWorld(tileWorkers: most) { world in
            _ = try await world.prediction(tiles: tiles)
            await world.round(at: 1)
            #expect(world.slurm.list.dropFirst().count == helpers)
        }
    }

    @Test func `a prediction without tiles of its own has no helpers`() async throws {
        try await withSlurmWorld { world in
            _ = try await world.prediction(tiles: 0)
            for seconds in [1, 10, 100] { await world.round(at: seconds) }
            #expect(world.slurm.submissions.count == 1)
        }
    }

    @Test func `a prediction that is cancelled, or goes back to the queue, takes its helpers along`() async throws {
        try await withSlurmWorld { world in
            let (job, _) = try await world.prediction(tiles: 9)
            await world.round(at: 1)
            world.slurm.set(2, task: 0, "RUNNING", node: "n2")
            try await world.claimTile(of: job, by: "slurm-2_0")
            // Its worker is lost: the tiles go, and come again with the next attempt.
            try await world.store.requeue(job: job.id, attempt: 1, isOrderly: true)
            await world.round(at: 2)
            #expect(world.slurm.list.filter { $0.id.job == 2 }.allSatisfy { $0.state != "CANCELLED" }, "soon, perhaps")
            let again = try #require(try await world.claim(job, by: "slurm-1"))
            _ = try await world.store.addUnits(of: again, kind: "tile", numbers: 0..<9)
            for seconds in [16, 100] { await world.round(at: seconds) }
            #expect(states(world) == ["1 RUNNING", "2_0 RUNNING", "2_1 PENDING", "2_2 PENDING"])
            #expect(world.slurm.submissions.count == 2)
            try await world.store.finish(job: job.id, state: .cancelled)
            await world.round(at: 101)
            #expect(states(world) == ["1 RUNNING", "2_0 RUNNING", "2_1 CANCELLED", "2_2 CANCELLED"])
        }
    }

    @Test func `helpers that Slurm has not started are cancelled once too few tiles wait for them`() async throws {
        try await withSlurmWorld { world in
            let (job, tiles) = try await world.prediction(tiles: 9)
            await world.round(at: 1)
            #expect(world.slurm.list.count == 4)
            world.slurm.set(2, task: 1, "RUNNING", node: "n2")
            for _ in tiles.dropFirst() { try await finish(try await world.store.nextUnit(of: job.id), world) }
            for seconds in [2, 16] { await world.round(at: seconds) }
            #expect(world.slurm.list.allSatisfy { $0.state != "CANCELLED" })
            // One tile waits, for one of the two.
            await world.round(at: 17)
            #expect(states(world) == ["1 RUNNING", "2_0 PENDING", "2_1 RUNNING", "2_2 CANCELLED"])
            try await finish(try await world.store.nextUnit(of: job.id), world)
            // Tiles of the next volume come in time.
            await world.round(at: 20)
            _ = try await world.store.addUnits(of: job, kind: "tile", numbers: 9..<11)
            for seconds in [30, 50] { await world.round(at: seconds) }
            #expect(states(world) == ["1 RUNNING", "2_0 PENDING", "2_1 RUNNING", "2_2 CANCELLED"])
            #expect(world.slurm.submissions.count == 2)
        }
    }

    @Test func `helpers that end at once come again less and less often, one that has lasted is replaced`() async throws
    {
        try await withSlurmWorld(tileWorkers: 1) { world in
            let (job, _) = try await world.prediction(tiles: 400)
            await world.round(at: 1)
            world.slurm.set(2, "FAILED", reason: "NonZeroExitCode")
            var submitted: [Int] = []
            for seconds in 2..<1000 {
                let before = world.slurm.submissions.count
                await world.round(at: seconds)
                if world.slurm.submissions.count > before {
                    submitted.append(seconds)
                    world.slurm.set(before + 1, "COMPLETED")
                }
            }
            #expect(submitted == [6, 16, 36, 76, 156, 316, 616, 916])
            #expect(world.slurm.arrays.isEmpty, "one is no array")
            world.slurm.set(10, "RUNNING", node: "n2")
            await world.round(at: 2000)
            #expect(world.slurm.submissions.count == 10)
            try await world.claimTile(of: job, by: "slurm-10")
            await world.round(at: 3000)
            world.slurm.set(10, "TIMEOUT", reason: "TimeLimit", node: "n2")
            await world.round(at: 3001)
            #expect(world.slurm.submissions.count == 11)
        }
    }

    @Test func `helpers get the memory of a tile, not that of the training before`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let slurm = FakeSlurm()
            let dispatcher = SlurmDispatcher(
                queue: fixture.queue, slurm: Slurm(tag: "abc", user: 7, runner: slurm),
                settings: SlurmSettings(server: "http://s:1"))
            var request = TrainingRequest()
            request.recipe = TrainingFixture.recipe.merging(.object(["base": .number(64)]))
            _ = try await fixture.queue.submit(.train(request), to: fixture.project)
            _ = await dispatcher.round()
            let job = try #require(try await fixture.store.nextQueuedJob())
            _ = try await fixture.store.addUnits(of: job, kind: "tile", numbers: 0..<2)
            _ = await dispatcher.round()
            let megabytes = slurm.submissions.compactMap { submission in
                submission.first { $0.hasPrefix("--mem=") }.flatMap { Int($0.dropFirst(6).dropLast()) }
            }
            #expect(megabytes.count == 2 && megabytes[1] > 512 && megabytes[1] < megabytes[0], "\(megabytes)")
        }
    }

    @Test func `a Slurm that takes no helpers is told in the job's log once, and asked for fewer`() async throws {
        try await withSlurmWorld(tileWorkers: 8) { world in
            let (job, _) = try await world.prediction(tiles: 400)
            world.slurm.limit(tasks: 2)
            for seconds in stride(from: 1, to: 20, by: 5) { await world.round(at: seconds) }
            #expect(world.slurm.arrays == ["0-7", "0-3", "0-1"])
            let log = try await log(job, world)
            #expect(log.count == 2 && log[0].hasPrefix("warning: Slurm takes no helpers"), "\(log)")
            #expect(log[0].contains("Invalid job array specification") && log[1].contains("2 helpers for 400 tiles"))
            #expect(try await world.told(job) == ["PENDING", "RUNNING"], "it is not refused itself")
            // The rest comes later, two at a time.
            for seconds in stride(from: 20, to: 200, by: 5) { await world.round(at: seconds) }
            #expect(world.slurm.list.count == 9)
        }
    }

    @Test func `another process over the same data finds the helpers in Slurm's list`() async throws {
        try await withSlurmWorld { world in
            let (job, _) = try await world.prediction(tiles: 9)
            await world.round(at: 1)
            world.slurm.set(2, task: 0, "RUNNING", node: "n2")
            _ = try await world.store.requeueInterrupted()
            let other = SlurmWorld.dispatcher(world.fixture, world.slurm)
            _ = await other.round(now: world.start + .seconds(2))
            let again = try #require(try await world.claim(job, by: "slurm-1"))
            _ = try await world.store.addUnits(of: again, kind: "tile", numbers: 0..<9)
            for seconds in [3, 60] { _ = await other.round(now: world.start + .seconds(seconds)) }
            #expect(world.slurm.submissions.count == 2)
            #expect(states(world) == ["1 RUNNING", "2_0 RUNNING", "2_1 PENDING", "2_2 PENDING"])
        }
    }
}
