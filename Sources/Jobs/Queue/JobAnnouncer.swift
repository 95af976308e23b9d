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
    }

    /// Stores a change of a job's state as an event; the change itself is already stored, so a failure is only logged.
    func announce(_ state: JobState, of job: JobRecord, model: String? = nil, error: String? = nil) async {
        do {
            let change = StateChange(state: state.rawValue, model: model, error: error)
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
        for job in try await store.requeueInterrupted(isOrderly: isOrderly) {
            await announce(job.state, of: job, model: job.model, error: job.error)
            logger.info("an interrupted job is \(job.state.rawValue)", metadata: ["job": "\(job.id)"])
        }
    }
}
