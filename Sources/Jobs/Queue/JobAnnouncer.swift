internal import JSON
internal import Logging
internal import Store

/// Stores the events of jobs and wakes their readers.
struct JobAnnouncer: Sendable {
    let store: Store
    let notifier: JobNotifier
    let logger: Logger

    /// The data of a `state` event.
    private struct StateChange: Encodable {
        var state: String
        var model: String?
        var error: String?
        /// Of a job that a worker begins: which one, on which machine, and the number of the attempt.
        var worker: String?
        var host: String?
        var attempt: Int?
    }

    /// Stores a change of a job's state as an event; the change itself is already stored, so a failure is only logged.
    func announce(_ state: JobState, of job: JobRecord, model: String? = nil, error: String? = nil) async {
        do {
            var change = StateChange(state: state.rawValue, model: model, error: error)
            if state == .running, let worker = job.worker {
                (change.worker, change.host, change.attempt) = (worker, job.host, job.attempts)
            }
            try await append("state", try JSONText.encode(change), to: job.id)
        } catch {
            logger.error("a job's event can't be stored", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }

    func append(_ type: String, _ data: String, to job: Int64) async throws {
        _ = try await store.appendEvent(job: job, type: type, data: data)
        notifier.notify(.job(job))
    }

    /// Puts jobs that are marked as running back into the queue, or ends them if they are to be cancelled or have ended
    /// the service too often.
    func requeue(isOrderly: Bool) async throws {
        for job in try await store.requeueInterrupted(isOrderly: isOrderly) { await tell(ofInterrupted: job) }
    }

    /// The same for one job.
    func requeue(_ job: JobRecord, isOrderly: Bool) async throws {
        await tell(
            ofInterrupted: try await store.requeue(job: job.id, attempt: job.attempts, isOrderly: isOrderly))
    }

    private func tell(ofInterrupted job: JobRecord) async {
        await announce(job.state, of: job, model: job.model, error: job.error)
        logger.info("an interrupted job is \(job.state.rawValue)", metadata: ["job": "\(job.id)"])
    }
}
