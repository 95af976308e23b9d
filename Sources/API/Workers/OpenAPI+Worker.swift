internal import JSON
internal import Jobs
internal import Store

extension OpenAPI {
    static let workerSchemas: KeyValuePairs<String, JSONValue> = [
        "Worker": record(
            "A machine that computes jobs for this server.",
            [
                "name": text("Its name"), "host": text("The name of its machine"), "version": text("Its version"),
                "processor": text("The vector instructions that it computes with: avx512, avx2 or portable"),
                "threads": integer("The threads that it computes with", from: 1),
                "seen": time("When it was last heard of"),
                "job": orNull(
                    reference("WorkerJob", "The job that it computes; null if none, or if its project isn't yours")),
            ]),
        "WorkerJob": record(
            "The job that a worker computes.",
            [
                "project": text("The project's name"), "id": integer("The job's number", from: 1),
                "kind": text("The kind of job; trial for a run of an experiment, tile for a part of a prediction"),
                "attempt": integer("The number of this attempt at it", from: 1),
                "expires": time("When the job is taken from the worker, unless it is heard of before"),
                "steps_per_second": orNull(number("Of a training since it began; null if it has not begun")),
            ]),
        "ClaimRequest": ClaimRequest.schema,
        "Claim": record(
            "A job that a worker holds from now on.",
            [
                "job": integer("The job's number", from: 1),
                "attempt": integer("The number of this attempt at it", from: 1),
                "project": text("The project's name"), "kind": text("The kind of job"),
                "seconds": number("After how many seconds without a call the job is taken from the worker"),
            ]),
        "WorkUnit": described(
            anyObject,
            "A training, the prediction of a volume or a run of an experiment, as `slicewise worker` of the same version reads it"
        ),
        "WorkReport": described(
            anyObject,
            "Progress, points of the curve and lines for the log, as `slicewise worker` of the same version writes them"
        ),
        "WorkOrder": record("What to do.", ["stop": boolean("Whether to stop now, and send what there is")]),
    ]
}

extension JSONValue {
    /// `sees` tells of which projects the client may know.
    init(_ worker: WorkerRecord, sees: (String) -> Bool) {
        let about = worker.description
        var job: JSONValue = .null
        if let held = worker.job, let project = worker.project, sees(project) {
            job = [
                "project": .string(project), "id": .integer(Int(held.parent ?? held.id)), "kind": .string(held.kind),
                "attempt": .integer(held.attempts), "expires": .time(worker.expires),
                "steps_per_second": JobProgress(stored: held.progress)?.stepsPerSecond.map(JSONValue.number) ?? .null,
            ]
        }
        self = [
            "name": .string(about.name), "host": .string(about.host), "version": .string(about.version),
            "processor": .string(about.processor), "threads": .integer(about.threads), "seen": .time(worker.seen),
            "job": job,
        ]
    }
}
