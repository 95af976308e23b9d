internal import Store
internal import Training

extension OpenAPI {
    /// What can be asked of a job, by its kind.
    static let jobRequest: JSON = either(
        job(
            "train",
            [
                "volumes": described(names, "To learn from; every annotated volume of the project by default"),
                "from": described(text, from), "holdout": described(holdout, heldOut),
                "recipe": recipeOrPreset, "budget": budget,
                "predict": described(names, "To predict at the end; those learned from by default, [] for none"),
                "name": described(name, "Of the model to be made; generated otherwise"),
            ]),
        job("predict", ["volumes": names, "model": text]),
        job(
            "crossvalidate",
            [
                "volumes": names, "recipe": recipeOrPreset, "budget": budget, "variants": variants,
                "folds": whole(2...100),
            ]),
        job(
            "slices",
            [
                "volumes": names, "recipe": recipeOrPreset, "budget": budget, "variants": variants,
                "counts": ["type": "array", "items": whole(1...1000), "minItems": 1, "uniqueItems": true],
            ]),
        job("transfer", ["volumes": names, "recipe": recipeOrPreset, "budget": budget, "variants": variants]))

    private static func job(_ kind: String, _ members: KeyValuePairs<String, JSON>) -> JSON {
        let fields = [JSON.Member(name: "kind", value: ["const": .string(kind)])]
        return [
            "type": "object",
            "properties": .object(fields + members.map { .init(name: $0.key, value: $0.value) }),
            "required": ["kind"],
            "additionalProperties": false,
        ]
    }

    /// A schema with what it means in words.
    private static func described(_ schema: JSON, _ description: String) -> JSON {
        guard case .object(let members) = schema else { return schema }
        return .object(members + [JSON.Member(name: "description", value: .string(description))])
    }

    private static let from = """
        What the training starts from: "latest" (the default: the newest model of as many channels and no more \
        classes, or chance where there is none), "scratch" (chance), or a model's name
        """

    private static let heldOut = """
        Annotated slices to measure on and not to learn from, none by default: a fraction of those of every volume, \
        drawn by the seed (1 by default; at least one of two or more, never all), or those named
        """

    private static let name: JSON = ["type": "string", "pattern": .string("^\(Name.pattern)$")]
    private static let names: JSON = ["type": "array", "items": text, "uniqueItems": true]
    private static let recipeOrPreset = either(reference("Recipe"), words(Preset.allCases.map(\.rawValue)))
    private static let variants: JSON = [
        "type": "array", "minItems": 1, "items": ["type": "object"],
        "description": "Changes to the recipe, each with a name if it likes",
    ]

    private static let budget: JSON = [
        "type": "object", "minProperties": 1, "additionalProperties": false,
        "properties": ["steps": whole(1...100_000_000), "seconds": numbers(0.1...31_536_000)],
    ]

    private static let holdout: JSON = either(
        [
            "type": "object", "required": ["fraction"], "additionalProperties": false,
            "properties": ["fraction": numbers(0...0.9), "seed": whole(0...(1 << 53))],
        ],
        [
            "type": "object", "required": ["slices"], "additionalProperties": false,
            "properties": [
                "slices": ["type": "array", "items": record(["volume": text, "axis": text, "index": integer])]
            ],
        ])
}
