internal import JSON
internal import Jobs
internal import Store
internal import Training

extension OpenAPI {
    static let jobSchemas: KeyValuePairs<String, JSONValue> = [
        "JobRequest": choice(
            "What to do, by its kind.", by: "kind",
            [
                "train": "TrainRequest", "predict": "PredictRequest", "crossvalidate": "CrossvalidateRequest",
                "slices": "SlicesRequest", "transfer": "TransferRequest",
            ]),
        "TrainRequest": request("train", TrainingRequest.record),
        "PredictRequest": request("predict", PredictionRequest.record),
        "CrossvalidateRequest": experiment(.crossvalidate),
        "SlicesRequest": experiment(.slices),
        "TransferRequest": experiment(.transfer),
        "Job": choice(
            "A job, by its kind.", by: "kind",
            [
                "train": "TrainJob", "predict": "PredictJob", "crossvalidate": "CrossvalidateJob",
                "slices": "SlicesJob", "transfer": "TransferJob",
            ]),
        "TrainJob": job("A training.", "train", "TrainRequest", result: "TrainingMetrics"),
        "PredictJob": job("A prediction of volumes.", "predict", "PredictRequest", result: "PredictionResult"),
        "CrossvalidateJob": job(
            "A comparison of recipes.", "crossvalidate", "CrossvalidateRequest", result: "ExperimentResult"),
        "SlicesJob": job("IoU against slices per axis.", "slices", "SlicesRequest", result: "ExperimentResult"),
        "TransferJob": job(
            "Trainings on all volumes but one.", "transfer", "TransferRequest", result: "ExperimentResult"),
        "Progress": record(
            "How far a job is; a job that has not started is at step 0.",
            [
                "phase": word(of: ["training", "predicting"], "What it does now"),
                "step": orNull(integer("Training steps done")),
                "steps": orNull(integer("Training steps that the budget permits; null if not known")),
                "seconds": number("Seconds of work so far"),
                "eta": orNull(number("Seconds left in this phase, estimated; null if not known")),
                "rate": number("Steps a second of a training since it began, voxels a second of a prediction"),
                "loss": orNull(number("The loss of the last steps")),
                "heldout_iou": number("The mean IoU on held-out slices", in: 0...1),
                "volume": text("The volume that is being predicted"),
                "fraction": number("The part of all volumes that is predicted", in: 0...1),
                "run": integer("Of an experiment: the number of the current run"),
                "runs": integer("Of an experiment: the number of runs"),
                "title": text("Of an experiment: the name of the current run"),
            ],
            optional: [
                "phase", "step", "steps", "eta", "rate", "loss", "heldout_iou", "volume", "fraction", "run", "runs",
                "title",
            ]),
        "SlurmJob": record(
            "What Slurm said last of a job that it was given.",
            [
                "job": orNull(integer("Its number in Slurm; null if Slurm has not taken it", from: 1)),
                "task": orNull(
                    integer("Its number in the array of that number; null, or not there, outside of arrays", from: 0)),
                "state": text(
                    "Slurm's word, such as PENDING, RUNNING or TIMEOUT; or refused (Slurm does not take it), unreachable "
                        + "(Slurm can't be asked) or lost (Slurm no longer knows it)"),
                "reason": orNull(
                    text("Why it waits or ended, in Slurm's word, such as Priority, or what Slurm's programs say")),
                "node": orNull(text("The node where it runs or ran")),
            ], optional: ["task"]),
        "CurvePoint": record(
            "A point of a training's curve.",
            [
                "step": integer("The training step"), "seconds": number("Seconds since the start"),
                "loss": orNull(number("The loss; null where only the IoU was measured")),
                "heldout_iou": orNull(number("The mean IoU on held-out slices; null where not measured")),
            ]),
    ]

    private static func request<Request>(_ kind: String, _ record: JSONRecord<Request>) -> JSONValue {
        record.description(
            first: [.init(name: "kind", value: constant(kind, "The kind of job"))],
            replacing: ["name": ["type": "string", "pattern": .string("^\(Name.pattern)$")]])
    }

    private static func experiment(_ kind: ExperimentKind) -> JSONValue {
        request(kind.rawValue, ExperimentRequest.record(of: kind))
    }

    private static func job(_ meaning: String, _ kind: String, _ request: String, result: String) -> JSONValue {
        record(
            meaning,
            [
                "id": integer("The job's number", from: 1), "kind": constant(kind, "The kind of job"),
                "state": reference(
                    "JobState",
                    "queued and running go on by themselves; succeeded, failed and cancelled are final"),
                "progress": reference("Progress", "How far it is"),
                "model": orNull(text("The model that it made or used; null if there is none yet")),
                "result": orNull(reference(result, "What came out; null until it has succeeded")),
                "error": orNull(text("Why it failed; null if it did not")),
                "created": time("When it was queued"),
                "started": orNull(time("When its first attempt began; null if it waits")),
                "finished": orNull(time("When it ended; null if it has not")),
                "attempts": integer(
                    "How often it was begun: more than once after a restart of the server or the loss of a worker"),
                "worker": orNull(text("The worker of the last attempt; null for the server itself")),
                "host": orNull(text("The worker's machine; null for the server's")),
                "slurm": orNull(
                    reference("SlurmJob", "The job of Slurm that computes it, or did; null if it was given to none")),
                "request": reference(request, "What was asked for, as it was written"),
            ])
    }
}
