internal import Foundation
package import Logging
package import Store
internal import Synchronization

/// The queue of jobs in the database: takes them in, does them one at a time, and tells what happens to them.
package final class JobQueue: Sendable {
    private let store: Store
    private let work: any JobWork
    private let settings: JobSettings
    private let logger: Logger
    private let notifier = JobNotifier()
    private let announcer: JobAnnouncer
    /// The job that runs now.
    private let current = Mutex<JobContext?>(nil)

    /// `work` is what jobs do.
    package init(store: Store, settings: JobSettings = JobSettings(), logger: Logger, work: any JobWork) {
        self.store = store
        self.settings = settings
        self.logger = logger
        self.work = work
        announcer = JobAnnouncer(store: store, notifier: notifier, logger: logger)
    }

    /// A queue whose jobs train and predict in earnest, with the settings that the service of predictions has.
    package convenience init(store: Store, predictions: PredictionService, logger: Logger) {
        self.init(
            store: store, settings: predictions.settings, logger: logger,
            work: JobExecutor(store: store, predictions: predictions))
    }

    /// Works until its task is cancelled; a job that runs then goes back to the queue within about a step.
    ///
    /// First requeues what an earlier process left running.
    package func run() async throws {
        let bell = notifier.subscribe(.queue)
        defer { notifier.close() }
        try await announcer.requeue()
        var rings = bell.makeAsyncIterator()
        while !Task.isCancelled {
            do {
                while !Task.isCancelled, let job = try await store.nextQueuedJob() { await perform(job) }
            } catch is CancellationError {
                break
            } catch {
                logger.error("the job queue can't be read", metadata: ["error": "\(error)"])
                // A full disk, say: nobody rings when there is room again.
                try? await Task.sleep(for: settings.roomInterval)
                continue
            }
            guard await rings.next() != nil else { break }
        }
    }

    /// Does one claimed job to its end, in a task that the queue's own cancellation doesn't reach: the job's last
    /// words must still be written then.
    private func perform(_ job: JobRecord) async {
        let context = JobContext(job: job, interval: settings.progressInterval)
        let execution = JobExecution(
            context: context, store: store, work: work, announcer: announcer, roomInterval: settings.roomInterval)
        notifier.occupy(job.id)
        current.withLock { $0 = context }
        await withTaskCancellationHandler {
            await Task { await execution.run() }.value
        } onCancel: {
            context.interrupt()
        }
        current.withLock { $0 = nil }
        notifier.settle(job.id)
    }
}

extension JobQueue {
    /// Checks a request and puts it into the queue.
    package func submit(_ request: JobRequest, to project: ProjectRecord) async throws -> JobRecord {
        let prepared = try await work.prepare(request, project: project)
        return await enter(
            try await store.addJob(project: project.id, kind: prepared.kind, request: try prepared.text()))
    }

    /// Cancels a job: at once if it waits, within a step if it runs, and first in the queue if it waits with a
    /// checkpoint of which a model is to be kept.
    ///
    /// - Throws: `StoreError.conflict` if it has succeeded or failed.
    package func cancel(_ job: JobRecord) async throws -> JobRecord {
        let (project, id) = (job.project, job.id)
        notifier.occupy(id)
        defer { notifier.settle(id) }
        let before = try await store.job(project: project, id: id)
        let job = try await store.requestCancel(project: project, id: id)
        if job.state == .running {
            current.withLock { if $0?.job.id == id { $0?.cancel() } }
        } else if job.state == .queued {
            notifier.notify(.queue)
        } else if before.state != .cancelled {
            await announcer.announce(job.state, of: job)
        }
        return job
    }

    /// Puts a failed or cancelled job into the queue again, as a new job.
    ///
    /// - Throws: `StoreError.conflict` if it waits, runs or has succeeded.
    package func retry(_ job: JobRecord) async throws -> JobRecord {
        await enter(try await store.retry(project: job.project, id: job.id))
    }

    /// A job's events after a sequence number (all of them for `nil`): stored ones, then live ones until the job ends.
    ///
    /// Ends too when the queue stops; a client then resumes with the last number it has seen.
    package func events(job: Int64, after: Int64? = nil) -> AsyncThrowingStream<JobEventRecord, any Error> {
        let events = JobEvents(of: job, after: after, store: store, notifier: notifier)
        return AsyncThrowingStream { try await events.next() }
    }

    private func enter(_ job: JobRecord) async -> JobRecord {
        await announcer.announce(.queued, of: job)
        notifier.notify(.queue)
        return job
    }
}
