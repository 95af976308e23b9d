internal import Training
internal import Volumes

extension OpenAPI {
    /// What a recipe may say; `Documentation/Recipes.md` says what it means.
    static let recipe: JSON = strict([
        "preset": words(Preset.allCases.map(\.rawValue)),
        "base": either(whole(1...256), auto),
        "levels": either(whole(1...7), auto),
        "dimensions": whole(2...3),
        "pooling": perLevel(window: [1, 2]),
        "kernels": perLevel(window: [1, 3]),
        "padding": words(["same", "valid"]),
        "norm": words(["none", "batch", "instance"]),
        "statistics": words(["running", "current", "auto"]),
        "test_time_mirror": axes,
        "inputs": orNothing(strict(["smoothed": deviations, "gradient": deviations])),
        "patch": either(record(["z": whole(1...1024), "y": whole(1...1024), "x": whole(1...1024)]), auto),
        "batch": whole(1...64),
        "sampling": strict([
            "shape": words(SamplingSettings.Shape.allCases.map(\.rawValue)),
            "slab": either(whole(1...1024), ["type": "null"]),
            "band": either(whole(1...1024), ["type": "null"]), "rare": numbers(0...1),
            "overhang": numbers(0...0.5),
        ]),
        "optimizer": strict([
            "kind": words(OptimizerSettings.Kind.allCases.map(\.rawValue)), "rate": numbers(0...10),
            "momentum": numbers(0...0.9999), "decay": numbers(0...1),
            "schedule": words(OptimizerSettings.Schedule.allCases.map(\.rawValue)),
        ]),
        "steps": either(whole(1...100_000_000), auto),
        "loss": strict([
            "kind": words(LossSettings.Kind.allCases.map(\.rawValue)), "dice": numbers(0...100),
            "deep": numbers(0...1),
            "class_weights": either(
                words(["balanced", "inverse", "none"]), ["type": "array", "items": numbers(0...1e6)]),
        ]),
        "average": orNothing(strict(["decay": numbers(0...0.99999)])),
        "heldout": strict([
            "keep": words(HeldOutSettings.Keep.allCases.map(\.rawValue)), "patience": whole(0...100_000),
        ]),
        "augmentation": augmentation,
        "precision": words(Recipe.Precision.allCases.map(\.rawValue)),
        "seed": whole(0...(1 << 53)),
    ])

    private static let augmentation: JSON = strict([
        "rotation": numbers(0...180),
        "scale": ["type": "array", "items": numbers(0.25...4), "minItems": 2, "maxItems": 2],
        "elastic": orNothing(strict(["spacing": numbers(4...512), "sigma": numbers(0...64)])),
        "turn": words(Augmentation.Turn.allCases.map(\.rawValue)),
        "gray": either(
            strict(["gain": numbers(0...0.9), "offset": numbers(0...4), "curve": numbers(0...2)]),
            ["type": ["boolean", "null"]]),
        "noise": numbers(0...4), "blur": numbers(0...4), "sharpen": numbers(0...4),
        "mirror": axes,
    ])

    private static let axes: JSON = either(["type": "array", "items": words(Axis.allCases.map(\.rawValue))], auto)
    private static let auto: JSON = ["const": "auto"]
    private static let deviations: JSON = ["type": "array", "items": numbers(0.3...16), "maxItems": 8]

    /// Three numbers for each level, or a word for all of them.
    private static func perLevel(window numbers: [Int]) -> JSON {
        let size: JSON = ["enum": .array(numbers.map { .integer($0) })]
        let window: JSON = ["type": "array", "items": size, "minItems": 3, "maxItems": 3]
        return either(words(["uniform", "auto"]), ["type": "array", "items": window])
    }

    private static func orNothing(_ schema: JSON) -> JSON { either(schema, ["enum": [.null, false]]) }
}
