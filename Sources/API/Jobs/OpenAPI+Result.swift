internal import JSON

extension OpenAPI {
    /// What jobs end with.
    static let resultSchemas: KeyValuePairs<String, JSONValue> = [
        "TrainingMetrics": record(
            "How a training went.",
            [
                "steps": integer("Training steps that the model has made"), "seconds": number("Seconds of training"),
                "loss": number("The loss at the end"),
                "heldout_iou": number(
                    "The mean IoU on held-out slices: that of the report where they were predicted, else the training's own",
                    in: 0...1),
                "ending": word(
                    of: ["completed", "stopped", "diverged"],
                    "Whether the budget was used up, the training was stopped before, or its loss was no number any more: "
                        + "then the model has the last good weights"),
                "ranks": integer("The processes that trained it together, if it was more than one", from: 2),
                "warnings": list(
                    text("A sentence"), "What may be wrong with the labels it learned from, or with what it learned"),
                "volumes": list(of: "PredictionSummary", "The predictions at the end"),
            ], optional: ["loss", "heldout_iou", "ranks", "warnings", "volumes"]),
        "PredictionResult": record(
            "What a prediction ends with.", ["volumes": list(of: "PredictionSummary", "Each predicted volume")]),
        "PredictionSummary": record(
            "The short form of a report.",
            [
                "volume": text("The volume's name"),
                "training": reference("ScoreSummary", "On the slices learned from"),
                "heldout": reference("ScoreSummary", "On held-out slices"),
                "truth": reference("ScoreSummary", "On the voxels of the truth that nobody annotated"),
            ], optional: ["training", "heldout", "truth"]),
        "ScoreSummary": record(
            "The short form of scores.",
            [
                "voxels": integer("Scored voxels"),
                "mean_iou": number("The mean over the classes whose IoU is defined", in: 0...1),
                "iou": dictionary(of: number("IoU", in: 0...1), "IoU by class, without classes that have none"),
            ], optional: ["mean_iou"]),
        "ExperimentResult": record(
            "The result of an experiment.",
            [
                "kind": text("The kind of experiment"), "classes": list(text("A name"), "The classes in order"),
                "series": list(of: "ExperimentSeries", "The columns of the table, or lines of the plot"),
                "runs": list(of: "ExperimentRun", "Every single training"),
                "warnings": list(text("A sentence"), "What readers of the result should know"),
            ]),
        "ExperimentSeries": record(
            "What one recipe reached.",
            [
                "name": text("The variant's name"), "recipe": reference("Recipe", "How it was trained"),
                "budget": reference("Budget", "How long each training took, if all have the same"),
                "mean_iou": number("The mean over the points, where that means something", in: 0...1),
                "points": list(of: "ExperimentPoint", "The rows of the table"),
            ], optional: ["budget", "mean_iou"]),
        "ExperimentPoint": record(
            "A cell of the table: a mean over runs.",
            [
                "label": text("The row's name"), "x": number("The place on the plot's axis, if it has one"),
                "mean_iou": number("The mean over classes", in: 0...1),
                "iou": list(orNull(number("IoU", in: 0...1)), "IoU of each class, null where it is not defined"),
                "runs": integer("The number of runs in the mean"),
            ], optional: ["x", "mean_iou"]),
        "ExperimentRun": record(
            "One training of an experiment and its scores.",
            [
                "series": text("The variant's name"), "label": text("The row's name"),
                "x": number("The place on the plot's axis, if it has one"),
                "learnt_from": list(text("A name"), "The volumes learned from"),
                "scored_on": list(text("A name"), "The volumes scored"),
                "slices": dictionary(of: integer("Slices"), "Slices learned from, by axis"),
                "steps": integer("Training steps"), "seconds": number("Seconds of training"),
                "prediction_seconds": number("Seconds of prediction"), "voxels": integer("Scored voxels"),
                "mean_iou": number("The mean over the classes whose IoU is defined", in: 0...1),
                "iou": list(orNull(number("IoU", in: 0...1)), "IoU of each class, null where it is not defined"),
                "confusion": confusion,
                "error": text("Why it failed, if it did"),
            ], optional: ["x", "mean_iou", "error"]),
    ]

    static let confusion = list(
        ["type": "array", "items": integer("Voxels")], "Voxels: rows are true classes, columns predicted ones")
}

extension OpenAPI {
    /// A job's result, by its kind.
    static let result: JSONValue = [
        "anyOf": [reference("TrainingMetrics"), reference("PredictionResult"), reference("ExperimentResult")]
    ]
}
