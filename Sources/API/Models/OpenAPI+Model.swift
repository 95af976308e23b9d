internal import JSON
internal import Jobs
internal import Network
internal import Store
internal import Training

extension OpenAPI {
    static let modelSchemas: KeyValuePairs<String, JSONValue> = [
        "Model": record(
            "A trained network and where it comes from.",
            [
                "name": text("The model's name", example: "round1"),
                "parent": orNull(text("The model that its training started from; null if from random weights")),
                "created": time("When it was stored"),
                "job": orNull(integer("The job that made it; null if it was uploaded")),
                "state": reference(
                    "JobState",
                    "The state of that job; succeeded if it was uploaded. Only then it can be the latest"),
                "classes": list(text("A name"), "The classes that it predicts, in order"),
                "architecture": reference("Architecture", "The shape of its network"),
                "recipe": reference("Recipe", "How it was trained, with every auto resolved"),
                "seed": integer("The seed of its training"),
                "labels_hash": orNull(text("A hash of the labels it saw; null if it was uploaded")),
                "metrics": orNull(reference("TrainingMetrics", "How its training went; null if it was uploaded")),
                "heldout": orNull(list(of: "VolumeSlice", "The slices held out; null if it was uploaded")),
                "trained_on": orNull(
                    dictionary(
                        of: ["type": "array", "items": reference("AnnotatedRevision")],
                        "The slices learned from, by volume; null if it was uploaded")),
                "bytes": integer("The size of its weights in bytes"),
            ]),
        "ModelComparison": record(
            "Models side by side.",
            [
                "models": list(of: "ComparedModel", "Each model, in the order asked for"),
                "warnings": list(text("A sentence"), "Why the figures may not be compared as they are"),
            ]),
        "ComparedModel": record(
            "A model and how good it is on the test slices of its project.",
            [
                "model": text("The model's name"),
                "state": reference("JobState", "The state of the job that made it"),
                "parent": orNull(text("The model that its training started from; null if from random weights")),
                "classes": list(text("A name"), "The classes that it predicts, in order"),
                "volumes": list(text("A name"), "The volumes that it learned from"),
                "steps": orNull(integer("Training steps done; null if it was uploaded")),
                "seconds": orNull(number("Seconds of training; null if it was uploaded")),
                "voxels": integer("Voxels of test slices that it was scored on"),
                "mean_iou": orNull(
                    number("The mean over the classes whose IoU is defined; null if none is", in: 0...1)),
                "iou": dictionary(
                    of: orNull(number("IoU", in: 0...1)), "IoU by class over all test slices, null where not defined"),
                "by_volume": list(of: "ComparedVolume", "Each volume with test slices that it has predicted"),
                "missing": list(text("A name"), "Volumes with test slices that it has not predicted"),
            ]),
        "ComparedVolume": record(
            "The score of a model on the test slices of a volume.",
            [
                "volume": text("The volume's name"), "voxels": integer("Scored voxels"),
                "mean_iou": orNull(
                    number("The mean over the classes whose IoU is defined; null if none is", in: 0...1)),
            ]),
        "Architecture": record(
            "The shape of a U-Net.",
            [
                "channels": integer("Input channels", from: 1), "classes": integer("Output channels", from: 1),
                "base": integer("Channels after the first convolution; doubled at every level", from: 1),
                "levels": integer("Resolutions", from: 1),
                "dimensions": described(.integer(in: 2...3), "3, or 2 for a network that sees each z slice alone"),
                "padding": reference(
                    "ConvolutionPadding", "Whether convolutions keep the extent"),
                "normalization": reference(
                    "NormalizationKind",
                    "The normalization before each ReLU"),
                "kernels": sizes("The kernels z, y, x of each level; 3 on every axis if missing"),
                "windows": sizes("The pooling windows z, y, x below each level but the last; 2 if missing"),
                "deepOutputs": integer("Coarser levels with an output of their own while training; none if missing"),
            ], optional: ["kernels", "windows", "deepOutputs"]),
        "AnnotatedRevision": record(
            "A slice and the revision of it that was learned from.",
            [
                "axis": axis("The slice's normal"), "index": integer("The slice's place on the axis"),
                "revision": integer("The number of the revision", from: 1),
            ]),
    ]

    private static func sizes(_ meaning: String) -> JSONValue {
        list(["type": "array", "items": integer("Voxels", from: 1)], meaning)
    }
}
