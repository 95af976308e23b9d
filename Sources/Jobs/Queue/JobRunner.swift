internal import Foundation
package import Logging
package import Store
internal import Synchronization

/// Takes jobs from the queue in the database, one at a time, and keeps their state, progress and events.
package final class JobRunner: Sendable {
    let store: Store
    let work: any JobWork
    let reports: Reports
    let boxes: RegionPredictor
    let settings: JobSettings
    let logger: Logger
    let notifier = JobNotifier()
    /// The job that runs now.
    let current = Mutex<JobContext?>(nil)

    /// `work` is what jobs do; by default they train and predict.
    package init(
        store: Store, settings: JobSettings = JobSettings(), logger: Logger, work: (any JobWork)? = nil
    ) {
        self.store = store
        self.settings = settings
        let aside = ComputeThread(name: "slices", niceness: settings.niceness)
        reports = Reports(store: store, on: aside)
        boxes = RegionPredictor(
            store: store, on: aside, threads: settings.sliceThreads, tileMemory: settings.tileMemory)
        self.work = work ?? JobExecutor(store: store, reports: reports, settings: settings)
        self.logger = logger
    }

    /// Works until its task is cancelled; a job that runs then goes back to the queue within about a step.
    ///
    /// First requeues what an earlier process left running.
    package func run() async throws {
        let bell = notifier.subscribe(.queue)
        defer { notifier.close() }
        try await requeue()
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

    /// Puts what is marked as running back into the queue, or ends it if it was to be cancelled.
    private func requeue() async throws {
        for job in try await store.requeueInterrupted() {
            await announce(job.state, of: job)
            logger.info("an interrupted job is \(job.state.rawValue)", metadata: ["job": "\(job.id)"])
        }
    }

    /// Does one claimed job to its end, in a task that the runner's own cancellation doesn't reach: the job's last
    /// words must still be written then.
    private func perform(_ job: JobRecord) async {
        let context = JobContext(job: job, interval: settings.progressInterval)
        notifier.occupy(job.id)
        current.withLock { $0 = context }
        await withTaskCancellationHandler {
            await Task { await self.carryOut(context) }.value
        } onCancel: {
            context.interrupt()
        }
        current.withLock { $0 = nil }
        notifier.settle(job.id)
    }

    private func carryOut(_ context: JobContext) async {
        let job = context.job
        logger.info("job starts", metadata: ["job": "\(job.id)", "kind": "\(job.kind)", "attempt": "\(job.attempts)"])
        await announce(.running, of: job)
        // A cancellation that came between the claim and this runner's knowing of it stands in the database.
        if let now = try? await store.job(id: job.id), now.cancelRequested { context.cancel() }
        async let written: Void = record(context)
        let outcome: Result<JobOutcome, any Error>
        do {
            outcome = .success(try await work.run(context))
        } catch {
            outcome = .failure(error)
        }
        context.close()
        await written
        while await !finish(job, outcome), context.stopRequest != .interrupt {
            // Nothing else can be stored either: wait for room instead of losing how the job ended.
            try? await Task.sleep(for: settings.roomInterval)
        }
    }

    /// Writes what the work notes, until it has no more to say.
    private func record(_ context: JobContext) async {
        let job = context.job.id
        for await note in context.notes {
            do {
                switch note {
                case .progress(let progress):
                    let text = try jsonText(progress)
                    try await store.updateProgress(job: job, text)
                    try await append("progress", text, to: job)
                case .log(let message):
                    try await append("log", try jsonText(["message": message]), to: job)
                case .checkpoint(let bytes):
                    try await store.saveCheckpoint(job: job, bytes)
                case .curve(let points):
                    try await store.appendCurve(job: job, points)
                }
            } catch StoreError.notFound {
                context.cancel()  // The job was removed with its project.
            } catch {
                logger.error("a job's news can't be stored", metadata: ["job": "\(job)", "error": "\(error)"])
            }
        }
    }

    /// Stores how a job ended; `false` where the database had no room for that.
    private func finish(_ job: JobRecord, _ outcome: Result<JobOutcome, any Error>) async -> Bool {
        do {
            switch outcome {
            case .success(.succeeded(let model, let result)):
                try await end(job, .succeeded, model: model, result: try result.text())
            case .success(.cancelled(let model, let result)):
                try await end(job, .cancelled, model: model, result: try result?.text())
            case .success(.failed(let model, let message)):
                try await end(job, .failed, model: model, error: message)
            case .success(.interrupted):
                try await requeue()
            case .failure(let error):
                logger.error("job failed", metadata: ["job": "\(job.id)", "error": "\(error)"])
                try await end(job, .failed, error: Self.message(of: error))
            }
        } catch StoreError.notFound {
            logger.info("a running job was removed", metadata: ["job": "\(job.id)"])
        } catch {
            logger.error("a job's end can't be stored", metadata: ["job": "\(job.id)", "error": "\(error)"])
            if case StoreError.full = error { return false }
        }
        return true
    }

    private func end(
        _ job: JobRecord, _ state: JobState, model: String? = nil, result: String? = nil, error: String? = nil
    ) async throws {
        try await store.finish(job: job.id, state: state, model: model, result: result, error: error)
        await announce(state, of: job, model: model, error: error)
        logger.info("job ended", metadata: ["job": "\(job.id)", "state": "\(state.rawValue)"])
    }
}
