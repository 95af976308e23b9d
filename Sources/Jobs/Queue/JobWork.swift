package import JSON
package import Store

/// How the work of a job ended, if it threw no error.
package enum JobOutcome: Sendable {
    /// Completed, with the job's `result`.
    case succeeded(model: String?, result: JSONValue)
    /// Cancelled by the user, with the model that a training stored or the result of an experiment's completed runs.
    case cancelled(model: String?, result: JSONValue? = nil)
    /// Failed after a model was stored, while predicting with it.
    case failed(model: String?, message: String)
    /// Stopped because the server stops; the job returns to the queue.
    case interrupted
}

/// The work of jobs.
///
/// The queue knows nothing else of training and prediction.
package protocol JobWork: Sendable {
    /// Checks a request against the project and fills in what must not change while the job waits.
    func prepare(_ request: JobRequest, project: ProjectRecord) async throws -> JobRequest

    /// Runs the work from its start or resumes an interrupted attempt; checks `context.stopRequest` once per step.
    func run(_ context: JobContext) async throws -> JobOutcome

    /// Gives back what is kept for the next job, as none waits.
    func rest() async
}

extension JobWork {
    package func rest() async {}
}
