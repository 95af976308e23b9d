import Foundation
import JSON
import Jobs
import Slurm
import Store
import TestSupport
import Testing
import Training

/// Rounds at times that the tests give, with a Slurm that they tell what to say.
@Suite(.timeLimit(.minutes(5))) struct SlurmDispatcherTests {
    @Test func `a job that waits is submitted once, and its JSON and events tell what Slurm says`() async throws {
        try await withSlurmWorld { world in
            let job = try await world.fixture.submit()
            #expect(try await world.status(job) == nil)
            #expect(await world.round() == .seconds(5))
            #expect(world.slurm.submissions.count == 1)
            #expect(world.slurm.submissions[0].contains("--job-name=slicewise-\(job.id)"))
            #expect(
                try await world.status(job) == #"{"job":1,"node":null,"reason":null,"state":"PENDING","task":null}"#)
            for seconds in [60, 400] { await world.round(at: seconds) }
            #expect(world.slurm.submissions.count == 1)
            #expect(
                try await world.status(job)
                    == #"{"job":1,"node":null,"reason":"Priority","state":"PENDING","task":null}"#)
            // A reason that comes again is no event.
            for reason in ["Resources", "Priority", "Resources"] {
                world.slurm.set(1, "PENDING", reason: reason)
                await world.round(at: 405)
            }
            #expect(
                try await world.status(job)
                    == #"{"job":1,"node":null,"reason":"Resources","state":"PENDING","task":null}"#)
            #expect(try await world.told(job) == ["PENDING", "PENDING", "PENDING"])

            world.slurm.set(1, "RUNNING", node: "n1")
            try await world.claim(job, by: "slurm-1")
            await world.round(at: 410)
            #expect(
                try await world.status(job) == #"{"job":1,"node":"n1","reason":null,"state":"RUNNING","task":null}"#)
            try await world.fixture.store.finish(job: job.id, state: .succeeded)
            await world.round(at: 415)
            world.slurm.set(1, "COMPLETED", node: "n1")
            await world.round(at: 420)
            #expect(
                try await world.status(job) == #"{"job":1,"node":"n1","reason":null,"state":"COMPLETED","task":null}"#)
            #expect(try await world.told(job).suffix(2) == ["PENDING", "RUNNING"], "nothing after the job's end")
            // There is nothing to ask for.
            let calls = world.slurm.calls
            #expect(await world.round(at: 425) == nil)
            #expect(world.slurm.calls == calls && world.slurm.submissions.count == 1)
        }
    }

    @Test func `another process over the same data finds its jobs in Slurm's list`() async throws {
        try await withSlurmWorld { world in
            let (first, second) = (try await world.fixture.submit(), try await world.fixture.submit())
            await world.round()
            // Submitted, but the process ended before it knew.
            let third = try await world.fixture.submit()
            world.slurm.add(comment: "slicewise/abc/\(third.id)")
            world.slurm.set(1, "RUNNING", node: "n1")
            try await world.claim(first, by: "slurm-1")
            let other = SlurmWorld.dispatcher(world.fixture, world.slurm)
            _ = try await world.fixture.store.requeueInterrupted()
            _ = await other.round()
            #expect(world.slurm.submissions.count == 2 && world.slurm.list.allSatisfy { $0.state != "CANCELLED" })
            #expect(try await world.status(third)?.contains(#""job":3"#) == true)
            #expect(try await world.status(second)?.contains(#""job":2"#) == true)
        }
    }

    @Test func `a worker that ended before its job is replaced, later each time`() async throws {
        try await withSlurmWorld { world in
            let job = try await world.fixture.submit()
            await world.round()
            world.slurm.set(1, "FAILED", reason: "NonZeroExitCode")
            await world.round(at: 1)
            #expect(world.slurm.submissions.count == 1, "not at once")
            #expect(try await world.status(job)?.contains("NonZeroExitCode") == true)
            var submitted: [Int] = []
            for seconds in 2..<200 {
                let before = world.slurm.submissions.count
                await world.round(at: seconds)
                if world.slurm.submissions.count > before {
                    submitted.append(seconds)
                    world.slurm.set(before + 1, "FAILED", reason: "NonZeroExitCode")
                }
            }
            #expect(submitted == [5, 15, 35, 75, 155])
            // One that has lasted is replaced at once.
            world.slurm.set(6, "RUNNING", node: "n1")
            try await world.claim(job, by: "slurm-6")
            await world.round(at: 1000)
            world.slurm.set(6, "TIMEOUT", reason: "TimeLimit", node: "n1")
            await world.round(at: 1001)
            #expect(world.slurm.submissions.count == 6, "its lease lasts")
            _ = try await world.fixture.store.requeueInterrupted(isOrderly: true)
            await world.round(at: 1002)
            #expect(world.slurm.submissions.count == 7)
            #expect(try await world.told(job).suffix(3) == ["RUNNING", "TIMEOUT", "PENDING"])
        }
    }

    @Test func `a job that Slurm has lost is told to be, and submitted again`() async throws {
        try await withSlurmWorld { world in
            let (job, other) = (try await world.fixture.submit(), try await world.fixture.submit())
            await world.round()
            world.slurm.drop(1)
            world.slurm.drop(2, accounts: "NODE_FAIL|n2\n")
            await world.round(at: 60)
            #expect(try await world.told(job) == ["PENDING", "lost", "PENDING"])
            #expect(try await world.told(other) == ["PENDING", "NODE_FAIL", "PENDING"])
            #expect(world.slurm.submissions.count == 4)
        }
    }

    @Test func `a Slurm that refuses is told with its words, and asked again, less and less often`() async throws {
        try await withSlurmWorld { world in
            let jobs = [
                try await world.fixture.submit(), try await world.fixture.submit(), try await world.fixture.submit(),
                try await world.fixture.submit(),
            ]
            world.slurm.refuse("invalid partition specified: no")
            await world.round()
            #expect(world.slurm.submissions.count == 3, "the others would be refused, too")
            #expect(
                try await world.status(jobs[0])
                    == #"{"job":null,"node":null,"reason":"sbatch: invalid partition specified: no","state":"refused","task":null}"#
            )
            await world.round(at: 1)
            #expect(world.slurm.submissions.count == 4)
            for seconds in stride(from: 2, to: 3600, by: 5) { await world.round(at: seconds) }
            let count = world.slurm.submissions.count
            #expect((60...100).contains(count), "\(count) times in an hour, of 4 jobs")
            #expect(try await world.told(jobs[0]) == ["refused"])
            world.slurm.refuse(nil)
            await world.round(at: 4000)
            #expect(try await world.told(jobs[3]) == ["refused", "PENDING"])
            #expect(world.slurm.list.count == 4)
        }
    }

    @Test func `a training of several ranks is submitted as so many tasks, once an MPI is named`() async throws {
        try await withSlurmWorld { world in
            var request = TrainingRequest()
            request.ranks = 3
            let job = try await world.fixture.queue.submit(.train(request), to: world.fixture.project)
            await world.round()
            #expect(world.slurm.submissions.isEmpty)
            #expect(try await world.status(job)?.contains("workers.slurm.mpi") == true)
            #expect(try await world.told(job) == ["refused"])
            let dispatcher = SlurmDispatcher(
                queue: world.fixture.queue, slurm: Slurm(tag: "abc", user: 7, runner: world.slurm),
                settings: SlurmSettings(server: "http://s:1", mpi: "pmix"))
            _ = await dispatcher.round()
            #expect(world.slurm.submissions.count == 1 && world.slurm.submissions[0].contains("--ntasks=3"))
            #expect(try await world.told(job) == ["refused", "PENDING"])
        }
    }

    @Test func `a Slurm that is down is told, nothing is submitted meanwhile, and all goes on when it is back`()
        async throws
    {
        try await withSlurmWorld { world in
            let first = try await world.fixture.submit()
            await world.round()
            let second = try await world.fixture.submit()
            world.slurm.set(isDown: true)
            var pauses: [Duration?] = []
            for seconds in 10..<16 { pauses.append(await world.round(at: seconds)) }
            #expect(pauses == [5, 10, 20, 40, 60, 60].map { .seconds($0) })
            #expect(
                try await world.status(first)
                    == #"{"job":1,"node":null,"reason":"squeue: Unable to contact it","state":"unreachable","task":null}"#
            )
            #expect(try await world.told(second) == ["unreachable"])
            #expect(world.slurm.submissions.count == 1)
            world.slurm.set(isDown: false)
            #expect(await world.round(at: 60) == .seconds(5))
            #expect(try await world.told(first) == ["PENDING", "unreachable", "PENDING"])
            #expect(try await world.told(second) == ["unreachable", "PENDING"])
            #expect(world.slurm.submissions.count == 2)
        }
    }

    @Test func `a job that is cancelled is cancelled in Slurm, at once if it waits there`() async throws {
        try await withSlurmWorld { world in
            let (waiting, running) = (try await world.fixture.submit(), try await world.fixture.submit())
            await world.round()
            world.slurm.set(2, "RUNNING", node: "n1")
            try await world.claim(running, by: "slurm-2")
            _ = try await world.fixture.queue.cancel(waiting)
            await world.round(at: 1)
            #expect(world.slurm.list.map(\.state) == ["CANCELLED", "RUNNING"])
            await world.round(at: 2)
            #expect(try await world.status(waiting)?.contains("CANCELLED") == true)
            // Its worker hears of the end and ends; one that doesn't is ended.
            try await world.fixture.store.finish(job: running.id, state: .cancelled)
            for seconds in [3, 17] { await world.round(at: seconds) }
            #expect(world.slurm.list.map(\.state) == ["CANCELLED", "RUNNING"])
            await world.round(at: 18)
            #expect(world.slurm.list.map(\.state) == ["CANCELLED", "CANCELLED"])
        }
    }

    @Test func `a job that another worker has taken needs none of Slurm's`() async throws {
        try await withSlurmWorld { world in
            let job = try await world.fixture.submit()
            await world.round()
            try await world.claim(job, by: "ws1")
            await world.round(at: 1)
            #expect(world.slurm.list.map(\.state) == ["CANCELLED"])
            // Once it is back in the queue, it does again.
            _ = try await world.fixture.store.requeueInterrupted(isOrderly: true)
            await world.round(at: 60)
            #expect(world.slurm.list.map(\.state) == ["CANCELLED", "PENDING"])
        }
    }

    @Test func `a job that Slurm starts anew by itself is not submitted again`() async throws {
        try await withSlurmWorld { world in
            let job = try await world.fixture.submit()
            await world.round()
            world.slurm.set(1, "RUNNING", node: "n1")
            try await world.claim(job, by: "slurm-1")
            await world.round(at: 100)
            world.slurm.set(1, "PENDING", reason: "BeginTime")
            _ = try await world.fixture.store.requeueInterrupted(isOrderly: true)
            await world.round(at: 200)
            world.slurm.set(1, "RUNNING", node: "n2")
            try await world.claim(job, by: "slurm-1-1")
            await world.round(at: 300)
            #expect(world.slurm.submissions.count == 1 && world.slurm.list.map(\.state) == ["RUNNING"])
            #expect(try await world.told(job) == ["PENDING", "RUNNING", "PENDING", "RUNNING"])
        }
    }

    @Test func `of two workers for one job the one that has begun is kept, and those of others are left alone`()
        async throws
    {
        try await withSlurmWorld { world in
            let job = try await world.fixture.submit()
            await world.round()
            world.slurm.add(comment: "slicewise/abc/\(job.id)")
            world.slurm.add(comment: "slicewise/other/77")
            world.slurm.set(2, "RUNNING", node: "n1")
            await world.round(at: 1)
            #expect(world.slurm.list.map(\.state) == ["CANCELLED", "RUNNING", "PENDING"])
            // Jobs of projects that are gone.
            try await world.fixture.store.deleteProject(named: world.fixture.project.name)
            for seconds in [2, 20] { await world.round(at: seconds) }
            #expect(world.slurm.list.map(\.state) == ["CANCELLED", "CANCELLED", "PENDING"])
        }
    }

    @Test func `the dispatcher hears of new jobs, and ends when it is told to`() async throws {
        try await withSlurmWorld { world in
            try await withRunning {
                await world.dispatcher.run()
            } _: {
                _ = try await world.fixture.submit()
                while world.slurm.list.isEmpty { await Task.yield() }
            }
            #expect(world.slurm.list.map(\.state) == ["PENDING"], "it stays, and waits for the server")
        }
    }

    @Test func `the memory that is asked for grows with what is trained`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let slurm = FakeSlurm()
            let dispatcher = SlurmDispatcher(
                queue: fixture.queue, slurm: Slurm(tag: "abc", user: 7, runner: slurm),
                settings: SlurmSettings(server: "http://s:1"))
            for base in [2.0, 64] {
                var request = TrainingRequest()
                request.recipe = TrainingFixture.recipe.merging(.object(["base": .number(base)]))
                _ = try await fixture.queue.submit(.train(request), to: fixture.project)
            }
            _ = await dispatcher.round()
            let megabytes = slurm.submissions.compactMap { submission in
                submission.first { $0.hasPrefix("--mem=") }.flatMap { Int($0.dropFirst(6).dropLast()) }
            }
            #expect(megabytes.count == 2 && (512..<600).contains(megabytes[0]) && megabytes[1] > megabytes[0])
        }
    }
}
