import Foundation
import Jobs
import Logging
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct MissingFolderTests {
    /// A log that tells the test what it is told.
    private struct Ear: LogHandler {
        let said: AsyncStream<String>.Continuation
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { said.yield("\(event.message)") }
    }

    @Test func `a job that ends while the data folder is gone has ended when it is put back`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let (data, aside) = (folder.url.appending(path: "data"), folder.url.appending(path: "aside"))
        let store = try Store(folder: data)
        let work = FakeWork(store: store)
        var settings = JobSettings()
        settings.retryInterval = .milliseconds(10)
        let (lines, said) = AsyncStream<String>.makeStream()
        let queue = JobQueue(
            store: store, settings: settings, logger: Logger(label: "test") { _ in Ear(said: said) }, work: work)
        let project = try await store.putProject(
            name: "kidneys", description: nil, classes: [ClassRecord(name: "outside", color: "#000000")]
        ).project
        try await withRunning {
            try await queue.run()
        } _: {
            let job = try await queue.submit(.train(TrainingRequest()), to: project)
            var happenings = work.happenings.makeAsyncIterator()
            #expect(await happenings.next() == .began(job.id, resuming: nil))
            try FileManager.default.moveItem(at: data, to: aside)
            work.allow(.succeed)
            _ = await lines.first { $0 == "a job's end can't be stored" }
            #expect(try await store.job(id: job.id).state == .running)
            try FileManager.default.moveItem(at: aside, to: data)
            for try await _ in queue.events(job: job.id) {}
            #expect(try await store.job(id: job.id).state == .succeeded)
        }
    }
}
