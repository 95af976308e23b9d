internal import Logging
package import Store

/// The data of a `state` event.
private struct StateChange: Encodable {
    var state: String
    var model: String?
    var error: String?
}

extension JobRunner {
    /// A job's events after a sequence number (all of them for `nil`): stored ones, then live ones until the job ends.
    ///
    /// Ends too when the runner stops; a client then resumes with the last number it has seen.
    package func events(job: Int64, after: Int64? = nil) -> AsyncThrowingStream<JobEventRecord, any Error> {
        let events = JobEvents(of: job, after: after, store: store, notifier: notifier)
        return AsyncThrowingStream { try await events.next() }
    }

    /// Stores the change of a job's state as an event; it has been made already, so a failure is only logged.
    func announce(_ state: JobState, of job: JobRecord, model: String? = nil, error: String? = nil) async {
        do {
            let change = StateChange(state: state.rawValue, model: model, error: error)
            try await append("state", try jsonText(change), to: job.id)
        } catch {
            logger.error("a job's event can't be stored", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }

    func append(_ type: String, _ data: String, to job: Int64) async throws {
        _ = try await store.appendEvent(job: job, type: type, data: data)
        notifier.notify(.job(job))
    }
}
