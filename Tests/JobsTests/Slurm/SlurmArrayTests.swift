import Foundation
import Jobs
import Slurm
import Store
import Testing

/// Experiments whose runs are tasks of arrays in Slurm.
@Suite(.timeLimit(.minutes(5))) struct SlurmArrayTests {
    private func option(_ name: String, _ submission: [String]) -> String? {
        submission.last { $0.hasPrefix("--\(name)=") }.map { String($0.dropFirst(name.count + 3)) }
    }

    @Test func `the runs of an experiment are one array, and what Slurm says of each stands in it`() async throws {
        try await withSlurmWorld { world in
            let (whole, runs) = try await world.experiment(runs: 3)
            let alone = try await world.fixture.submit()
            await world.round()
            #expect(world.slurm.submissions.count == 2 && world.slurm.arrays == ["0-2"])
            let array = try #require(world.slurm.submissions.first)
            #expect(option("job-name", array) == "slicewise-\(whole.id)")
            #expect(option("comment", array) == "slicewise/abc/\(runs[0].id)")
            #expect(
                try await world.status(runs[1])
                    == #"{"job":1,"node":null,"reason":null,"state":"PENDING","task":1}"#)
            #expect(try await world.status(alone)?.contains(#""job":2"#) == true)
            #expect(try await world.told(whole) == ["PENDING", "PENDING", "PENDING"])

            world.slurm.set(1, task: 1, "RUNNING", node: "n2")
            try await world.claim(runs[1], by: "slurm-1_1")
            for seconds in [60, 400] { await world.round(at: seconds) }
            #expect(world.slurm.submissions.count == 2)
            #expect(
                try await world.status(runs[1])
                    == #"{"job":1,"node":"n2","reason":null,"state":"RUNNING","task":1}"#)
            #expect(try await world.status(runs[2])?.contains(#""state":"PENDING","task":2"#) == true)
            // When the experiment is over, so is what waits of the array; what runs may end by itself.
            try await world.store.finish(job: whole.id, state: .cancelled)
            await world.round(at: 405)
            #expect(world.slurm.list.map(\.state) == ["CANCELLED", "RUNNING", "CANCELLED", "PENDING"])
            try await world.store.finish(job: runs[1].id, state: .cancelled)
            for seconds in [410, 425] { await world.round(at: seconds) }
            #expect(world.slurm.list.map(\.state) == ["CANCELLED", "CANCELLED", "CANCELLED", "PENDING"])
        }
    }

    @Test func `a run that waits alone is no array, and experiments have one each`() async throws {
        try await withSlurmWorld { world in
            let (first, second, third) = (
                try await world.experiment(runs: 1), try await world.experiment(runs: 2),
                try await world.experiment(runs: 2)
            )
            await world.round()
            #expect(world.slurm.arrays == ["0-1", "0-1"] && world.slurm.submissions.count == 3)
            #expect(
                world.slurm.submissions.map { option("job-name", $0) }
                    == [first, second, third].map { "slicewise-\($0.whole.id)" })
            #expect(world.slurm.list.map(\.id.description) == ["1", "2_0", "2_1", "3_0", "3_1"])
            #expect(try await world.status(first.runs[0])?.contains(#""task":null"#) == true)
        }
    }

    @Test func `a task that is cancelled by hand is submitted again, by itself, and the others are left alone`()
        async throws
    {
        try await withSlurmWorld { world in
            let (whole, runs) = try await world.experiment(runs: 4)
            await world.round()
            for task in 0..<2 {
                world.slurm.set(1, task: task, "RUNNING", node: "n1")
                try await world.claim(runs[task], by: "slurm-1_\(task)")
            }
            await world.round(at: 100)
            for task in [1, 3] { world.slurm.set(1, task: task, "CANCELLED") }
            try await world.store.requeue(job: runs[1].id, attempt: 1, isOrderly: true)
            await world.round(at: 101)
            #expect(world.slurm.arrays == ["0-3", "0,2"], "the second and the fourth run")
            #expect(option("comment", world.slurm.submissions[1]) == "slicewise/abc/\(runs[1].id)")
            #expect(try await world.status(runs[3])?.contains(#""job":2,"#) == true)
            world.slurm.set(2, task: 0, "RUNNING", node: "n2")
            try await world.claim(runs[1], by: "slurm-2_0")
            await world.round(at: 200)
            #expect(
                world.slurm.list.map(\.state) == ["RUNNING", "CANCELLED", "PENDING", "CANCELLED", "RUNNING", "PENDING"])
            #expect(try await world.told(whole).count { $0 == "CANCELLED" } == 2)
        }
    }

    @Test func `tasks that end in vain are submitted again later each time, those that Slurm starts anew are not`()
        async throws
    {
        try await withSlurmWorld { world in
            let (_, runs) = try await world.experiment(runs: 2)
            await world.round()
            // The second one is preempted, and goes on by another name.
            world.slurm.set(1, task: 1, "RUNNING", node: "n1")
            try await world.claim(runs[1], by: "slurm-1_1")
            await world.round()
            world.slurm.set(1, task: 1, "PENDING", reason: "BeginTime")
            try await world.store.requeue(job: runs[1].id, attempt: 1, isOrderly: true)
            await world.round(at: 1)
            world.slurm.set(1, task: 1, "RUNNING", node: "n2")
            try await world.claim(runs[1], by: "slurm-1_1-1")
            world.slurm.set(1, task: 0, "FAILED", reason: "NonZeroExitCode")
            var submitted: [Int] = []
            for seconds in 2..<200 {
                let before = world.slurm.submissions.count
                await world.round(at: seconds)
                if world.slurm.submissions.count > before {
                    submitted.append(seconds)
                    world.slurm.set(before + 1, "FAILED", reason: "NonZeroExitCode")
                }
            }
            #expect(submitted == [5, 15, 35, 75, 155] && world.slurm.arrays == ["0-1"])
            #expect(world.slurm.list.first { $0.id == SlurmJobID(1, task: 1) }?.state == "RUNNING")
        }
    }

    @Test func `another process over the same data finds the tasks of its arrays, also before it goes on with them`()
        async throws
    {
        try await withSlurmWorld { world in
            let (whole, runs) = try await world.experiment(runs: 3)
            await world.round()
            world.slurm.set(1, task: 0, "RUNNING", node: "n1")
            try await world.claim(runs[0], by: "slurm-1_0")
            // Submitted, but the process ended before it knew.
            let (_, unseen) = try await world.experiment(runs: 2)
            world.slurm.add(comment: "slicewise/abc/\(unseen[0].id)", array: "0-1")
            _ = try await world.store.requeueInterrupted()
            #expect(try await world.store.job(id: whole.id).state == .queued)
            let other = SlurmWorld.dispatcher(world.fixture, world.slurm)
            _ = await other.round()
            while try await world.store.nextQueuedJob(kinds: ["crossvalidate"]) != nil {}
            _ = await other.round(now: .now + .seconds(100))
            #expect(world.slurm.submissions.count == 1)
            #expect(world.slurm.list.map(\.state) == ["RUNNING", "PENDING", "PENDING", "PENDING", "PENDING"])
            #expect(try await world.status(unseen[1])?.contains(#""job":2,"#) == true)
        }
    }

    @Test func `tasks that Slurm has lost are told to be, and submitted again as an array`() async throws {
        try await withSlurmWorld { world in
            let (_, runs) = try await world.experiment(runs: 3)
            await world.round()
            world.slurm.drop(1, task: 0)
            world.slurm.drop(1, task: 2, accounts: "NODE_FAIL|n2\n")
            await world.round(at: 60)
            #expect(world.slurm.arrays == ["0-2", "0,2"])
            #expect(try await world.status(runs[1])?.contains(#""job":1,"#) == true)
            for run in [runs[0], runs[2]] { #expect(try await world.status(run)?.contains(#""job":2,"#) == true) }
        }
    }

    @Test func `a Slurm that is down is told of each run, and nothing is submitted meanwhile`() async throws {
        try await withSlurmWorld { world in
            let (_, runs) = try await world.experiment(runs: 2)
            await world.round()
            world.slurm.set(isDown: true)
            await world.round(at: 10)
            #expect(
                try await world.status(runs[1])
                    == #"{"job":1,"node":null,"reason":"squeue: Unable to contact it","state":"unreachable","task":1}"#)
            world.slurm.set(isDown: false)
            await world.round(at: 20)
            #expect(world.slurm.submissions.count == 1)
            #expect(try await world.status(runs[1])?.contains(#""state":"PENDING","task":1"#) == true)
        }
    }

    @Test func `a refused array counts for all its runs, and is tried in halves, as Slurm may allow no more`()
        async throws
    {
        try await withSlurmWorld { world in
            let (_, runs) = try await world.experiment(runs: 8)
            world.slurm.limit(tasks: 3)
            await world.round()
            #expect(world.slurm.arrays == ["0-7"] && world.slurm.list.isEmpty)
            for run in runs {
                #expect(
                    try await world.status(run)
                        == #"{"job":null,"node":null,"reason":"sbatch: Invalid job array specification","state":"refused","task":null}"#
                )
            }
            await world.round(at: 4)
            #expect(world.slurm.submissions.count == 1, "not at once")
            await world.round(at: 5)
            #expect(world.slurm.arrays == ["0-7", "0-3", "0-1", "0-1"])
            await world.round(at: 14)
            #expect(world.slurm.submissions.count == 4)
            await world.round(at: 15)
            #expect(world.slurm.arrays.suffix(2) == ["0-1", "0-1"] && world.slurm.list.count == 8)
            #expect(Set(world.slurm.list.map(\.comment)).count == 4)
            // The next experiment begins with an array again.
            _ = try await world.experiment(runs: 3)
            await world.round(at: 20)
            #expect(world.slurm.arrays.last == "0-2" && world.slurm.list.count == 11)
        }
    }

    @Test func `where Slurm takes no arrays, runs are submitted one by one`() async throws {
        try await withSlurmWorld { world in
            let (_, runs) = try await world.experiment(runs: 4)
            world.slurm.limit(tasks: 0)
            for seconds in stride(from: 0, through: 100, by: 5) { await world.round(at: seconds) }
            #expect(world.slurm.list.map(\.id.task) == [nil, nil, nil, nil])
            #expect(Set(world.slurm.list.map(\.comment)) == Set(runs.map { "slicewise/abc/\($0.id)" }))
        }
    }

    @Test func `no array is larger than Slurm allows`() async throws {
        try await withSlurmWorld { world in
            let (_, runs) = try await world.experiment(runs: 1203)
            await world.round()
            #expect(world.slurm.arrays == ["0-499", "0-499", "0-202"])
            #expect(try await world.status(runs[1202])?.contains(#""job":3,"#) == true)
            #expect(try await world.status(runs[1202])?.contains(#""task":202"#) == true)
        }
    }
}
