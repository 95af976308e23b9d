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
            JSONField(optional: "volumes", \ExperimentRequest.volumes, .names),
            JSONField(optional: "recipe", \.recipe, JSONSchema.any(Recipe.schema.description)),
            JSONField(optional: "budget", \.budget, Budget.schema),
            JSONField(
                optional: "variants", \.variants, changes, "Changes to the recipe, each with an optional name"),
        ]
        switch kind {
        case .crossvalidate: fields.append(JSONField(optional: "folds", \.folds, .integer(in: 2...100)))
        case .slices: fields.append(JSONField(optional: "counts", \.counts, counts))
        case .transfer, .presets: break
        }
        return JSONRecord(null: .absence, fields)
    }

    private static let counts = JSONSchema<[Int]>.list(
        of: .integer(in: 1...1000), "an array of slices per axis like [1,2,4]", count: 1...Int.max
    ).unique

    private static let changes: JSONSchema<[JSONValue]> = {
        var changes = JSONSchema<[JSONValue]>.list(
            of: .any(["type": "object"]), "an array of changes to the recipe like [{\"norm\":\"none\"}]")
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
