import Foundation
import Jobs
import Store
import TestSupport
import Testing
import Training

@Suite(.timeLimit(.minutes(10))) struct JobQueueTests {
    @Test func `a job is queued, runs and succeeds with its result`() async throws {
        try await withJobFixture { fixture in
            try await fixture.running {
                let job = try await fixture.submit()
                #expect(job.state == .queued)
                fixture.work.allow(.step)
                fixture.work.allow(.succeed)
                let ended = try await fixture.end(of: job)
                #expect(ended.state == .succeeded)
                #expect(ended.result == #"{"steps":1}"#)
                #expect(ended.progress?.contains(#""step":1"#) == true)
                #expect(ended.error == nil)
                #expect(ended.finished != nil)
                #expect(
                    try await fixture.states(of: job) == [
                        #"{"state":"queued"}"#, #"{"state":"running"}"#, #"{"state":"succeeded"}"#,
                    ])
            }
        }
    }

    @Test func `jobs run one at a time in the order they came`() async throws {
        try await withJobFixture { fixture in
            let first = try await fixture.submit()
            let second = try await fixture.submit()
            try await fixture.running {
                var happenings = fixture.work.happenings.makeAsyncIterator()
                #expect(await happenings.next() == .began(first.id, resuming: nil))
                let waiting = try await fixture.store.job(id: second.id)
                #expect(waiting.state == .queued)
                fixture.work.allow(.succeed)
                #expect(await happenings.next() == .ended)
                #expect(await happenings.next() == .began(second.id, resuming: nil))
                fixture.work.allow(.succeed)
                #expect(try await fixture.end(of: second).state == .succeeded)
                #expect(try await fixture.store.job(id: first.id).state == .succeeded)
            }
        }
    }

    @Test func `a failed job says why and the next one runs`() async throws {
        try await withJobFixture { fixture in
            try await fixture.running {
                let failing = try await fixture.submit()
                fixture.work.allow(.fail("the slices hold only one class"))
                let failed = try await fixture.end(of: failing)
                #expect(failed.state == .failed)
                #expect(failed.error == "the slices hold only one class")
                fixture.work.allow(.succeed)
                let next = try await fixture.submit()
                #expect(try await fixture.end(of: next).state == .succeeded)
            }
        }
    }

    @Test func `an unexpected error shows nothing of the inside`() async throws {
        try await withJobFixture { fixture in
            try await fixture.running {
                let job = try await fixture.submit()
                fixture.work.allow(.crash)
                let error = try #require(try await fixture.end(of: job).error)
                #expect(error == "something went wrong inside the server; see its log")
            }
        }
    }

    @Test func `a queued job is cancelled at once`() async throws {
        try await withJobFixture { fixture in
            let job = try await fixture.submit()
            let cancelled = try await fixture.queue.cancel(job)
            #expect(cancelled.state == .cancelled)
            #expect(try await fixture.end(of: job).state == .cancelled)
            #expect(try await fixture.states(of: job) == [#"{"state":"queued"}"#, #"{"state":"cancelled"}"#])
            let again = try await fixture.queue.cancel(job)
            #expect(again.state == .cancelled)
        }
    }

    @Test func `a running job is cancelled at its next step`() async throws {
        try await withJobFixture { fixture in
            try await fixture.running {
                let job = try await fixture.submit()
                var happenings = fixture.work.happenings.makeAsyncIterator()
                #expect(await happenings.next() == .began(job.id, resuming: nil))
                let marked = try await fixture.queue.cancel(job)
                #expect(marked.state == .running)
                #expect(marked.cancelRequested)
                fixture.work.allow(.step)
                #expect(await happenings.next() == .ended)
                #expect(try await fixture.end(of: job).state == .cancelled)
            }
        }
    }

    @Test func `a job that has ended can't be cancelled, one that succeeded not retried`() async throws {
        try await withJobFixture { fixture in
            try await fixture.running {
                let job = try await fixture.submit()
                fixture.work.allow(.succeed)
                try await fixture.end(of: job)
                await #expect(throws: StoreError.self) {
                    try await fixture.queue.cancel(job)
                }
                await #expect(throws: StoreError.self) {
                    try await fixture.queue.retry(job)
                }
            }
        }
    }

    @Test func `a job of another project isn't found`() async throws {
        try await withJobFixture { fixture in
            let job = try await fixture.submit()
            let other = try await fixture.store.putProject(
                name: "livers", description: nil, classes: fixture.project.classes)
            await #expect(throws: StoreError.self) {
                try await fixture.store.job(project: other.project.id, id: job.id)
            }
            #expect(try await fixture.store.job(id: job.id).state == .queued)
        }
    }

    @Test func `a retried job is a new one with the same request`() async throws {
        try await withJobFixture { fixture in
            try await fixture.running {
                let job = try await fixture.submit()
                fixture.work.allow(.fail("no luck"))
                try await fixture.end(of: job)
                let retried = try await fixture.queue.retry(job)
                #expect(retried.id != job.id)
                #expect(retried.request == job.request)
                fixture.work.allow(.succeed)
                #expect(try await fixture.end(of: retried).state == .succeeded)
                #expect(try await fixture.store.job(id: job.id).state == .failed)
            }
        }
    }

    @Test func `a stopping server saves a checkpoint and requeues the job, which goes on from it`() async throws {
        try await withJobFixture { fixture in
            let job = try await fixture.submit()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await fixture.queue.run() }
                var happenings = fixture.work.happenings.makeAsyncIterator()
                #expect(await happenings.next() == .began(job.id, resuming: nil))
                fixture.work.allow(.step)
                #expect(await happenings.next() == .stepped(1))
                group.cancelAll()
                fixture.work.allow(.step)
                try await group.waitForAll()
            }
            let requeued = try await fixture.store.job(id: job.id)
            #expect(requeued.state == .queued)
            #expect(try await fixture.store.checkpoint(job: job.id) == Data("step 1".utf8))

            let successor = FakeWork(store: fixture.store)
            let queue = JobQueue(store: fixture.store, logger: .silent, work: successor)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await queue.run() }
                var happenings = successor.happenings.makeAsyncIterator()
                #expect(await happenings.next() == .began(job.id, resuming: "step 1"))
                successor.allow(.succeed)
                for try await _ in queue.events(job: job.id) {}
                group.cancelAll()
                try await group.waitForAll()
            }
            let ended = try await fixture.store.job(id: job.id)
            #expect(ended.state == .succeeded)
            #expect(ended.attempts == 2)
            #expect(try await fixture.store.checkpoint(job: job.id) == nil)
        }
    }

    @Test func `what a crash left running is requeued at start and goes on from its checkpoint`() async throws {
        try await withJobFixture { fixture in
            let job = try await fixture.submit()
            // As a process that was killed leaves it.
            _ = try await fixture.store.nextQueuedJob()
            try await fixture.store.saveCheckpoint(job: job.id, Data("step 40".utf8))
            try await fixture.running {
                var happenings = fixture.work.happenings.makeAsyncIterator()
                #expect(await happenings.next() == .began(job.id, resuming: "step 40"))
                fixture.work.allow(.succeed)
                let ended = try await fixture.end(of: job)
                #expect(ended.state == .succeeded)
            }
            #expect(
                try await fixture.states(of: job) == [
                    #"{"state":"queued"}"#, #"{"state":"queued"}"#, #"{"state":"running"}"#, #"{"state":"succeeded"}"#,
                ])
        }
    }

    @Test func `a project removed under a running job doesn't stop the queue`() async throws {
        try await withJobFixture { fixture in
            let other = try await fixture.store.putProject(
                name: "livers", description: nil, classes: fixture.project.classes)
            try await fixture.running {
                let job = try await fixture.submit()
                var happenings = fixture.work.happenings.makeAsyncIterator()
                #expect(await happenings.next() == .began(job.id, resuming: nil))
                try await fixture.store.deleteProject(named: fixture.project.name)
                fixture.work.allow(.step)
                fixture.work.allow(.succeed)
                for try await _ in fixture.queue.events(job: job.id) {}
                let next = try await fixture.queue.submit(.train(TrainingRequest()), to: other.project)
                fixture.work.allow(.succeed)
                fixture.work.allow(.succeed)
                #expect(try await fixture.end(of: next).state == .succeeded)
            }
        }
    }
}
