package import JSON
package import Training

/// The request for a job that compares trainings: `crossvalidate`, `slices` or `transfer`.
package struct ExperimentRequest: Hashable, Sendable {
    /// The kinds of experiments.
    package static let kinds: [ExperimentKind] = [.crossvalidate, .slices, .transfer]

    package var kind: ExperimentKind
    /// Default: every annotated volume of the project; for `transfer` also those with a truth.
    package var volumes: [String]?
    /// For `crossvalidate`: the number of parts into which the slices are divided; 3 by default.
    package var folds: Int?
    /// For `slices`: slices per axis; default: those of 1, 2 and 4 that leave slices to score.
    package var counts: [Int]?
    /// Changes to the recipe, as they were written.
    package var variants: [JSONValue]?
    /// A preset's name or a recipe object, as it was written.
    package var recipe: JSONValue?
    /// The budget of each single training; default: the preset's.
    package var budget: Budget?

    /// An experiment with default values only.
    package init(_ kind: ExperimentKind) {
        self.kind = kind
    }

    /// The members that a request of a kind may have.
    package static func record(of kind: ExperimentKind) -> JSONRecord<ExperimentRequest> {
        var fields = [
            JSONField(
                optional: "volumes", \ExperimentRequest.volumes, .names,
                "The volumes to learn from and to score; every annotated volume of the project by default"),
            JSONField(
                optional: "recipe", \.recipe, JSONSchema.any(Recipe.schema.description),
                "How to train: a preset's name or a recipe; default by default"),
            JSONField(
                optional: "budget", \.budget, Budget.schema,
                "How long each single training takes; the preset's by default"),
            JSONField(
                optional: "variants", \.variants, changes, "Changes to the recipe, each with an optional name"),
        ]
        switch kind {
        case .crossvalidate:
            fields.append(
                JSONField(
                    optional: "folds", \.folds, .integer(in: 2...100),
                    "The parts into which the annotated slices are divided; 3 by default"))
        case .slices:
            fields.append(
                JSONField(
                    optional: "counts", \.counts, counts,
                    "Numbers of slices per axis; those of 1, 2 and 4 that leave slices to score by default"))
        case .transfer, .presets: break
        }
        let (title, meaning) = description(of: kind)
        return JSONRecord(title, meaning, null: .absence, fields)
    }

    private static func description(of kind: ExperimentKind) -> (title: String, meaning: String) {
        switch kind {
        case .crossvalidate:
            (
                "CrossvalidateRequest",
                "Compare recipes: train on all parts of the annotated slices but one and score that, each in turn."
            )
        case .slices: ("SlicesRequest", "IoU against the number of annotated slices per axis.")
        case .transfer: ("TransferRequest", "Train on all volumes but one and score that one, each in turn.")
        case .presets: ("PresetsRequest", "Compare presets over seconds of training.")
        }
    }

    private static let counts = JSONSchema<[Int]>.list(
        of: .integer(in: 1...1000), "an array of slices per axis like [1,2,4]", count: 1...Int.max
    ).unique

    /// A recipe's keys and a name.
    private static let variant: JSONSchema<JSONValue> = {
        var members: JSONObject = [
            "title": "Variant", "description": "Changes to the recipe; {} is the recipe itself.", "type": "object",
        ]
        var properties: JSONObject = [
            "name": [
                "type": "string", "minLength": 1, "maxLength": 60,
                "description": "The variant's name in the result; by default in words what it changes",
            ]
        ]
        if case .object(let keys) = Recipe.record.description()["properties"] {
            for key in keys.members { properties[key.name] = key.value }
        }
        members["properties"] = .object(properties)
        members["required"] = []
        members["additionalProperties"] = false
        return .any(.object(members))
    }()

    private static let changes: JSONSchema<[JSONValue]> = {
        var changes = JSONSchema<[JSONValue]>.list(
            of: variant, "an array of changes to the recipe like [{\"norm\":\"none\"}]")
        changes.describe("minItems", 1)
        return changes
    }()

    /// The recipes to compare; by default those that the paper compared.
    func parsedVariants() throws(JobError) -> [ExperimentVariant] {
        do throws(TrainingError) {
            return try ExperimentVariant.list(
                variants ?? kind.usualVariants, of: recipe ?? .string(Preset.default.rawValue))
        } catch {
            throw JobError(error, field: "recipe")
        }
    }
}
