internal import Foundation
internal import JSON
package import Logging
package import Store
internal import Synchronization
internal import Training

/// The queue of jobs in the database: accepts jobs, executes them one at a time, gives some to workers on other
/// machines, and provides their events.
package final class JobQueue: Sendable {
    /// The kinds of jobs that are made of units.
    static let kindsOfUnits = ExperimentRequest.kinds.map(\.rawValue)

    let store: Store
    let work: any JobWork
    let settings: JobSettings
    let logger: Logger
    let notifier = JobNotifier()
    let announcer: JobAnnouncer
    /// The running jobs.
    let contexts = Mutex<[Int64: JobContext]>([:])
    /// The jobs that workers hold.
    let leases = Mutex(Leases())
    let clerk: LeaseClerk

    /// A queue whose jobs execute `work`.
    package init(store: Store, settings: JobSettings = JobSettings(), logger: Logger, work: any JobWork) {
        self.store = store
        self.settings = settings
        self.logger = logger
        self.work = work
        announcer = JobAnnouncer(store: store, notifier: notifier, logger: logger)
        clerk = LeaseClerk(on: ComputeThread(name: "leases", niceness: settings.niceness))
    }

    /// A queue whose jobs train and predict, with the settings of the prediction service.
    package convenience init(store: Store, predictions: PredictionService, logger: Logger) {
        self.init(
            store: store, settings: predictions.settings, logger: logger,
            work: JobExecutor(store: store, predictions: predictions))
    }

    /// Executes jobs until its task is cancelled; a running job then returns to the queue after about one step.
    ///
    /// First requeues the jobs that an earlier process left running.
    package func run() async throws {
        async let _ = thinOldTrails()
        async let _ = watchLeases()
        async let _ = direct()
        let notifications = notifier.subscribe(.queue)
        defer { notifier.close() }
        var wakeUps = notifications.makeAsyncIterator()
        var isRequeued = false
        while !Task.isCancelled {
            do {
                if !isRequeued {
                    try await announcer.requeue(isOrderly: false)
                    isRequeued = true
                    leases.withLock { $0.areGiven = true }
                    notifier.notify(.queue)
                }
                while settings.computesJobs, !Task.isCancelled,
                    let job = try await store.nextQueuedJob(except: Self.kindsOfUnits)
                {
                    await perform(job)
                }
                await work.rest()
            } catch is CancellationError {
                break
            } catch {
                logger.error("the job queue can't be read", metadata: ["error": "\(error)"])
                // If the disk is full, for instance, there is no notification when it has space again.
                try? await Task.sleep(for: settings.retryInterval)
                continue
            }
            guard await wakeUps.next() != nil else { break }
        }
        await takeBackLeases()
    }

    /// Plans the jobs that are made of units and waits for those, for all of them at once; computes nothing.
    private func direct() async {
        let notifications = notifier.subscribe(.queue)
        await withDiscardingTaskGroup { group in
            var wakeUps = notifications.makeAsyncIterator()
            while !Task.isCancelled {
                do {
                    while leases.withLock({ $0.areGiven }), !Task.isCancelled,
                        let job = try await store.nextQueuedJob(kinds: Self.kindsOfUnits)
                    {
                        group.addTask { await self.perform(job) }
                    }
                } catch is CancellationError {
                    break
                } catch {
                    logger.error("the job queue can't be read", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: settings.retryInterval)
                    continue
                }
                guard await wakeUps.next() != nil else { break }
            }
        }
    }

    private func thinOldTrails() async {
        do {
            try await store.thinOldTrails()
        } catch is CancellationError {
            // The next start goes on with it.
        } catch {
            logger.warning("the events of old jobs can't be thinned", metadata: ["error": "\(error)"])
        }
    }

    /// Executes one claimed job in a task that is not cancelled with the queue's own, since the end of the job must
    /// still be stored then.
    private func perform(_ job: JobRecord) async {
        let context = self.context(of: job)
        await withTaskCancellationHandler {
            await Task { await execute(context) }.value
        } onCancel: {
            context.interrupt()
        }
    }

    /// What a job that was claimed reports to.
    func context(of job: JobRecord, lease: Lease? = nil) -> JobContext {
        JobContext(
            job: job, interval: settings.progressInterval, lease: lease,
            whole: { [weak self] in job.parent.flatMap { id in self?.contexts.withLock { $0[id] } } },
            tellQueue: { [notifier] in notifier.notify(.queue) })
    }

    /// Executes a claimed job to its end.
    func execute(_ context: JobContext) async {
        let id = context.job.id
        let execution = JobExecution(
            context: context, store: store, work: work, announcer: announcer, retryInterval: settings.retryInterval)
        notifier.occupy(id)
        contexts.withLock { $0[id] = context }
        await execution.run()
        let units = contexts.withLock { contexts -> [JobContext] in
            // Its next attempt may have begun.
            guard contexts[id] === context else { return [] }
            contexts[id] = nil
            return contexts.values.filter { $0.job.parent == id }
        }
        if !units.isEmpty {
            let isOver = (try? await store.job(id: id))?.state.isFinal == true
            for unit in units {
                if isOver { unit.cancel() } else { unit.interrupt() }
                unit.lease?.end(.orderly)
            }
        }
        context.whole()?.wake()
        notifier.settle(id)
    }
}

extension JobQueue {
    /// Checks a request and queues it as a job.
    package func submit(_ request: JobRequest, to project: ProjectRecord) async throws -> JobRecord {
        let prepared = try await work.prepare(request, project: project)
        return await enter(
            try await store.addJob(project: project.id, kind: prepared.kind, request: try prepared.text()))
    }

    /// Cancels a job: immediately if it waits, within a step if it runs; one that waits with a checkpoint goes first in
    /// the queue, to store a model of the checkpoint.
    ///
    /// - Throws: `StoreError.conflict` if it has succeeded or failed.
    package func cancel(_ job: JobRecord) async throws -> JobRecord {
        let (project, id) = (job.project, job.id)
        notifier.occupy(id)
        defer { notifier.settle(id) }
        let before = try await store.job(project: project, id: id)
        let job = try await store.requestCancel(project: project, id: id)
        if job.state == .running {
            let concerned = contexts.withLock { $0.values.filter { $0.job.id == id || $0.job.parent == id } }
            for context in concerned { context.cancel() }
        } else if job.state == .queued {
            notifier.notify(.queue)
        } else if before.state != .cancelled {
            await announcer.announce(job.state, of: job, model: job.model)
            // Nobody needs to wait for it any more.
            notifier.notify(.queue)
        }
        return job
    }

    /// Queues a failed or cancelled job again, as a new job; `name` is another one for the model of a training.
    ///
    /// - Throws: `StoreError.conflict` if it waits, runs or has succeeded, or if the model's name is taken;
    ///   `JobError.invalid` if nothing starts the processes that it has.
    package func retry(_ job: JobRecord, name: String? = nil) async throws -> JobRecord {
        if case .train(let training)? = try? JobRequest(text: job.request) { try settings.rankLauncher.check(training) }
        var request: String?
        if let name {
            let old = try JobRequest(text: job.request).json()
            guard case .object(let members) = old else { throw JobError.malformed("the job's request is no object") }
            var renamed = members
            renamed["name"] = .string(name)
            request = try JobRequest(.object(renamed)).text()
        }
        return await enter(try await store.retry(project: job.project, id: job.id, request: request))
    }

    /// The job when its state is another one than in `job`, or after a time; at once if it has ended.
    ///
    /// Holds no thread. Also returns when the queue stops.
    package func next(of job: JobRecord, within time: Duration) async throws -> JobRecord {
        let changes = notifier.subscribe(.job(job.id))
        let (store, id, state) = (store, job.id, job.state)
        return try await withThrowingTaskGroup { group in
            group.addTask {
                guard !state.isFinal, try await store.job(id: id).state == state else { return }
                for await _ in changes where try await store.job(id: id).state != state { return }
            }
            group.addTask { try await Task.sleep(for: time) }
            defer { group.cancelAll() }
            try await group.next()
            return try await store.job(id: id)
        }
    }

    /// A job's events after a sequence number (all of them for `nil`): stored ones, then live ones until the job ends.
    ///
    /// Also ends when the queue stops; a client then resumes after the last number it has seen.
    package func events(job: Int64, after: Int64? = nil) -> AsyncThrowingStream<JobEventRecord, any Error> {
        let events = JobEvents(of: job, after: after, store: store, notifier: notifier)
        return AsyncThrowingStream { try await events.next() }
    }

    /// The same, those that are there already page by page.
    package func eventPages(job: Int64, after: Int64? = nil) -> AsyncThrowingStream<[JobEventRecord], any Error> {
        let events = JobEvents(of: job, after: after, store: store, notifier: notifier)
        return AsyncThrowingStream { try await events.nextPage() }
    }

    private func enter(_ job: JobRecord) async -> JobRecord {
        await announcer.announce(.queued, of: job)
        notifier.notify(.queue)
        return job
    }
}
