internal import JSON
internal import Store

extension JSONValue {
    init(_ job: JobRecord) {
        self = [
            "id": .integer(Int(job.id)),
            "kind": .string(job.kind),
            "state": .string(job.state.rawValue),
            "progress": .stored(job.progress, else: JSONValue.noProgress),
            "model": .optional(job.model),
            "result": .stored(job.result),
            "error": .optional(job.error),
            "created": .time(job.created),
            "started": .time(job.started),
            "finished": .time(job.finished),
            "attempts": .integer(job.attempts),
            "worker": .optional(job.worker),
            "host": .optional(job.host),
            "slurm": .stored(job.slurm),
            "request": .raw(job.request),
        ]
    }

    /// The progress of a job that has not started: an object with all members, which is simpler for scripts than null.
    private static let noProgress: JSONValue = ["step": 0, "steps": .null, "seconds": 0, "eta": .null, "loss": .null]

    init(_ point: CurvePointRecord) {
        self = [
            "step": .integer(point.step),
            "seconds": .number(point.seconds),
            "loss": point.loss.map(JSONValue.number) ?? .null,
            "heldout_iou": point.heldOutIoU.map(JSONValue.number) ?? .null,
        ]
    }
}
