extension Store {
    /// Queues a job; `request` is JSON.
    package func addJob(project: Int64, kind: String, request: String) async throws -> JobRecord {
        throw StoreError.failed("unfinished")
    }

    package func job(project: Int64, id: Int64) async throws -> JobRecord { throw StoreError.failed("unfinished") }

    package func job(id: Int64) async throws -> JobRecord { throw StoreError.failed("unfinished") }

    /// Newest first.
    package func jobs(project: Int64, state: JobState? = nil) async throws -> [JobRecord] {
        throw StoreError.failed("unfinished")
    }

    /// Takes the oldest queued job of all projects, which is running then; `nil` if none waits.
    package func nextQueuedJob() async throws -> JobRecord? { throw StoreError.failed("unfinished") }

    /// Replaces the progress (JSON) of a running job; not durable against a loss of power.
    ///
    /// Returns the job, so that the caller sees `cancelRequested`. A job that doesn't run is a conflict.
    @discardableResult
    package func updateProgress(job: Int64, _ progress: String) async throws -> JobRecord {
        throw StoreError.failed("unfinished")
    }

    /// Ends a running job; one that doesn't run is a conflict. `state` is final; `result` is JSON.
    ///
    /// Its checkpoint is removed.
    @discardableResult
    package func finish(
        job: Int64, state: JobState, model: String? = nil, result: String? = nil, error: String? = nil
    ) async throws -> JobRecord { throw StoreError.failed("unfinished") }

    /// Cancels a queued job at once and marks a running one; one that has ended is a conflict unless cancelled.
    package func requestCancel(project: Int64, id: Int64) async throws -> JobRecord {
        throw StoreError.failed("unfinished")
    }

    /// Queues a new job with the request of one that failed or was cancelled; any other is a conflict.
    package func retry(project: Int64, id: Int64) async throws -> JobRecord { throw StoreError.failed("unfinished") }

    /// Queues what ran when the last process ended, or cancels it if that was asked for; call it once at start.
    @discardableResult
    package func requeueInterrupted() async throws -> [JobRecord] { throw StoreError.failed("unfinished") }
}
