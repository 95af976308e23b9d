import Foundation
import Jobs
import Logging
import Store
import TestSupport
import Testing

/// A store in a temporary folder with a project and a queue of fake work.
struct JobFixture {
    let store: Store
    let work: FakeWork
    let queue: JobQueue
    let project: ProjectRecord

    init(folder: URL) async throws {
        store = try Store(folder: folder)
        work = FakeWork(store: store)
        var settings = JobSettings()
        settings.progressInterval = .zero
        queue = JobQueue(store: store, settings: settings, logger: .silent, work: work)
        project = try await store.putProject(
            name: "kidneys", description: nil,
            classes: [ClassRecord(name: "outside", color: "#000000"), ClassRecord(name: "inside", color: "#ffffff")]
        ).project
    }

    func submit() async throws -> JobRecord {
        try await queue.submit(.train(TrainingRequest()), to: project)
    }

    /// Runs jobs while the body runs, then stops the queue and waits until it has ended.
    func running(_ body: () async throws -> Void) async throws {
        try await withRunning { [queue] in
            try await queue.run()
        } _: {
            try await body()
        }
    }

    /// Waits until a job has ended and returns it.
    @discardableResult
    func end(of job: JobRecord) async throws -> JobRecord {
        for try await _ in queue.events(job: job.id) {}
        return try await store.job(id: job.id)
    }

    /// The events there are now.
    func states(of job: JobRecord) async throws -> [String] {
        try await store.events(job: job.id).filter { $0.type == "state" }.map(\.data)
    }
}

func withJobFixture(_ body: (JobFixture) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    defer { folder.keep() }
    try await body(JobFixture(folder: folder.url))
}
