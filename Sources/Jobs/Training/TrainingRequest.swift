package import JSON
internal import Store
package import Training

/// The request for a job of the kind `train`; `nil` values are replaced by their defaults when the job starts.
package struct TrainingRequest: Hashable, Sendable {
    /// Default: every annotated volume of the project.
    package var volumes: [String]?
    /// `latest` (the default; from scratch if no model fits), `scratch`, or a model's name.
    package var from: String?
    package var holdout: Holdout?
    /// A preset's name or a recipe object, as it was written.
    package var recipe: JSONValue?
    /// Default: the preset's.
    package var budget: Budget?
    /// Volumes to predict at the end; default: those trained on.
    package var predict: [String]?
    /// The name of the new model; generated if not given.
    package var name: String?
    /// The processes that train together; default: one.
    package var ranks: Int?

    /// A training with default values only.
    package init() {}

    /// How many processes a training may have.
    package static let rankCounts = 1...64

    /// The members that a request may have.
    package static let record = JSONRecord<TrainingRequest>(
        "TrainRequest", "Train a model on the annotated slices, then predict with it.", null: .absence,
        [
            JSONField(
                optional: "volumes", \.volumes, .names,
                "The volumes to learn from; every annotated volume of the project by default"),
            JSONField(
                optional: "from", \.from, .string,
                """
                What the training starts from: "latest" (the default: the newest finished model with as many channels \
                and no more classes, or random weights if there is none), "scratch" (random weights), or a model's name
                """),
            JSONField(
                optional: "holdout", \.holdout, Holdout.schema,
                """
                Annotated slices to measure on and not to learn from, none by default: a fraction of those of every \
                volume, drawn by the seed (1 by default; at least one of two or more, never all), or a list of slices
                """),
            JSONField(
                optional: "recipe", \.recipe,
                JSONSchema.any(Recipe.schema.description).checked { value, path throws(JSONError) in
                    _ = try Recipe.schema.read(value, path)
                }, "How to train: a preset's name or a recipe; default by default"),
            JSONField(optional: "budget", \.budget, Budget.schema, "How long to train; the preset's by default"),
            JSONField(
                optional: "predict", \.predict, .names,
                "The volumes to predict at the end; those learned from by default, [] for none"),
            JSONField(
                optional: "name", \.name,
                JSONSchema.string.checked { name, path throws(JSONError) in try check(modelName: name, path) },
                "The name of the new model; generated if not given"),
            JSONField(
                optional: "ranks", \.ranks, .integer(in: rankCounts),
                """
                The processes that train together, each on cores of its own; 1 by default. More than one needs a server whose \
                jobs are computed by Slurm, and the setting workers.slurm.mpi
                """),
        ])

    /// The requested recipe, its `auto` values not yet resolved.
    func parsedRecipe() throws(JobError) -> Recipe {
        do throws(TrainingError) {
            return try Recipe(recipe ?? .string(Preset.default.rawValue), path: "recipe")
        } catch {
            throw JobError(error, field: "recipe")
        }
    }

    private static func check(modelName name: String, _ path: String) throws(JSONError) {
        if let refusal = Name.refusal(name, of: "model") { throw .invalid(field: path, detail: refusal) }
        guard name != "latest", name != "scratch" else {
            throw .invalid(field: path, detail: "\"\(name)\" has a special meaning in \"from\"; choose another name")
        }
    }
}
