internal import JSON

extension OpenAPI {
    static let reportSchemas: KeyValuePairs<String, JSONValue> = [
        "Report": record(
            "Scores of a model's prediction of a volume.",
            [
                "model": text("The model's name"),
                "training": orNull(reference("Scores", "On the slices learned from; null if there are none")),
                "heldout": orNull(reference("Scores", "On held-out slices; null if there are none")),
                "truth": orNull(
                    reference("Scores", "On the voxels of the truth that nobody annotated; null without a truth")),
                "warnings": list(text("A sentence"), "What readers of the scores should know"),
            ]),
        "Scores": record(
            "How well a prediction agrees on voxels whose true class is known.",
            [
                "voxels": integer("Scored voxels"), "classes": list(of: "ClassScores", "Each class, in order"),
                "mean_iou": orNull(
                    number("The mean over the classes whose IoU is defined; null if none is", in: 0...1)),
                "confusion": confusion,
                "by_axis": dictionary(
                    of: reference("PartScores"), "By the axis of the slice, or of the nearest annotated slice"),
                "by_distance": list(of: "RingScores", "By the distance from the nearest annotated slice"),
            ]),
        "ClassScores": record(
            "The scores of a class.",
            [
                "name": text("The class"), "tp": integer("Voxels that are and were predicted to be of the class"),
                "fp": integer("Voxels that were predicted to be of it and are not"),
                "fn": integer("Voxels that are of it and were not predicted to be"),
                "iou": orNull(number("tp / (tp + fp + fn); null for 0/0", in: 0...1)),
                "dice": orNull(number("2 tp / (2 tp + fp + fn); null for 0/0", in: 0...1)),
                "reason": text("Why the IoU is null, if it is"),
            ], optional: ["reason"]),
        "PartScores": record(
            "The scores of a part of the voxels.",
            ["voxels": scored, "mean_iou": meanIoU, "iou": iou]),
        "RingScores": record(
            "The scores of the voxels at a range of distances.",
            [
                "from": integer("The smallest distance, in voxels along the normal of the slice"),
                "to": orNull(integer("The largest distance; null for all beyond")),
                "voxels": scored, "mean_iou": meanIoU, "iou": iou,
            ]),
    ]

    private static let scored = integer("Scored voxels")
    private static let meanIoU = orNull(number("The mean over the classes whose IoU is defined", in: 0...1))
    private static let iou = list(
        orNull(number("IoU", in: 0...1)), "IoU of each class, null where it is not defined")
}
