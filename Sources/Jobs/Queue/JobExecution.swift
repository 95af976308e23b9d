internal import JSON
internal import Logging
internal import Store

/// Executes one claimed job: runs its work, stores what the work reports, and stores how it ended.
struct JobExecution: Sendable {
    let context: JobContext
    let store: Store
    let work: any JobWork
    let announcer: JobAnnouncer
    /// The delay between two attempts to store how the job ended while the disk is full or gone.
    let retryInterval: Duration

    private var job: JobRecord { context.job }
    private var logger: Logger { announcer.logger }

    func run() async {
        logger.info(
            "job starts",
            metadata: [
                "job": "\(job.id)", "kind": "\(job.kind)", "attempt": "\(job.attempts)",
                "worker": "\(job.worker ?? "-")",
            ])
        await announcer.announce(.running, of: job)
        // A cancellation between the claim and this point is only in the database.
        if let now = try? await store.job(id: job.id), now.cancelRequested { context.cancel() }
        async let written: Void = record()
        let outcome: Result<JobOutcome, any Error>
        do {
            outcome = .success(try await work.run(context))
        } catch is LeaseEnd {
            outcome = .success(.interrupted)
        } catch {
            outcome = .failure(error)
        }
        context.close()
        await written
        while await !finish(outcome), context.stopRequest != .interrupt {
            // No other job could be stored either: wait for space, so that the end of this one isn't lost.
            try? await Task.sleep(for: retryInterval)
        }
    }

    /// Stores what the work reports until it ends.
    private func record() async {
        let id = job.id
        for await note in context.notes {
            do {
                switch note {
                case .progress(let progress):
                    let text = try JSONText.encode(progress)
                    try await store.updateProgress(job: id, text)
                    try await announcer.append("progress", text, to: id)
                case .log(let message):
                    try await announcer.append("log", try JSONText.encode(["message": message]), to: id)
                case .checkpoint(let bytes):
                    try await store.saveCheckpoint(job: id, bytes)
                case .curve(let points):
                    try await store.appendCurve(job: id, points)
                }
            } catch StoreError.notFound {
                context.cancel()  // The job was removed with its project.
            } catch {
                logger.error("a job's report can't be stored", metadata: ["job": "\(id)", "error": "\(error)"])
            }
        }
    }

    /// Stores how the job ended; `false` if the disk was full or gone.
    private func finish(_ outcome: Result<JobOutcome, any Error>) async -> Bool {
        do {
            switch outcome {
            case .success(.succeeded(let model, let result)):
                try await end(.succeeded, model: model, result: try JSONText.encode(result))
            case .success(.cancelled(let model, let result)):
                try await end(.cancelled, model: model, result: try result.map { try JSONText.encode($0) })
            case .success(.failed(let model, let message)):
                try await end(.failed, model: model, error: message)
            case .success(.interrupted):
                try await announcer.requeue(job, isOrderly: context.lease?.isExpired != true)
            case .failure(let error):
                logger.error("job failed", metadata: ["job": "\(job.id)", "error": "\(error)"])
                try await end(.failed, error: FailureMessage.of(error))
            }
        } catch StoreError.notFound {
            logger.info("a running job was removed", metadata: ["job": "\(job.id)"])
        } catch {
            logger.error("a job's end can't be stored", metadata: ["job": "\(job.id)", "error": "\(error)"])
            switch error {
            case StoreError.full, StoreError.gone: return false
            default: break
            }
        }
        return true
    }

    private func end(
        _ state: JobState, model: String? = nil, result: String? = nil, error: String? = nil
    ) async throws {
        try await store.finish(
            job: job.id, attempt: job.attempts, state: state, model: model, result: result, error: error)
        await announcer.announce(state, of: job, model: model, error: error)
        logger.info("job ended", metadata: ["job": "\(job.id)", "state": "\(state.rawValue)"])
    }
}
