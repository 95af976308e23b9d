package import JSON
package import Store

/// How the work of a job ended, if not by an error.
package enum JobOutcome: Sendable {
    /// Done; the result is what the job's `result` will hold.
    case succeeded(model: String?, result: JSONValue)
    /// Stopped at the user's wish; a training names the model that holds what was learnt, an experiment has the
    /// result of the runs that were made.
    case cancelled(model: String?, result: JSONValue? = nil)
    /// Failed after something worth keeping was made: a model that couldn't be used to the end.
    case failed(model: String?, message: String)
    /// Stopped because the server stops; the job goes back to the queue.
    case interrupted
}

/// What a job does once it is its turn.
///
/// The queue knows nothing else of training and prediction.
package protocol JobWork: Sendable {
    /// Checks a request against what the project holds and fills in what should not change while the job waits.
    func prepare(_ request: JobRequest, project: ProjectRecord) async throws -> JobRequest

    /// Does the work from its beginning or from where an interrupted attempt has left it, looking at `context.stopRequest`
    /// once per step.
    func run(_ context: JobContext) async throws -> JobOutcome
}
