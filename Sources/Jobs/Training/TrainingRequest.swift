internal import Store
package import Training

/// What is asked of a job of the kind `train`; what is `nil` takes its default when the job starts.
package struct TrainingRequest: Hashable, Sendable {
    /// Default: every annotated volume of the project.
    package var volumes: [String]?
    /// `latest` (the default; from scratch where no model fits), `scratch`, or a model's name.
    package var from: String?
    package var holdout: Holdout?
    /// A preset's name or a recipe object, as it was written.
    package var recipe: JSONValue?
    /// Default: the preset's.
    package var budget: Budget?
    /// Volumes to predict at the end; default: those trained on.
    package var predict: [String]?
    /// The name of the model to be made; generated otherwise.
    package var name: String?

    /// A training with nothing but defaults.
    package init() {}

    init(_ fields: inout RequestFields) throws(JobError) {
        volumes = try fields.strings("volumes")
        from = try fields.string("from")
        do throws(TrainingError) {
            if let value = fields.value("holdout") { holdout = try Holdout(value) }
            if let value = fields.value("recipe") {
                recipe = value
                _ = try Recipe(value, path: "recipe")
            }
            if let value = fields.value("budget") { budget = try Budget(value) }
        } catch {
            throw JobError(error, field: "recipe")
        }
        predict = try fields.strings("predict")
        name = try fields.string("name")
        if let name { try Self.check(modelName: name) }
    }

    /// The recipe asked for, with its `auto` values still open.
    func parsedRecipe() throws(JobError) -> Recipe {
        do throws(TrainingError) {
            return try Recipe(recipe ?? .string(Preset.default.rawValue), path: "recipe")
        } catch {
            throw JobError(error, field: "recipe")
        }
    }

    func json() throws -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["volumes"] = volumes.map { .array($0.map { .string($0) }) }
        members["from"] = from.map { .string($0) }
        members["holdout"] = try holdout.map { try JSONValue(encoding: $0) }
        members["recipe"] = recipe
        members["budget"] = try budget.map { try JSONValue(encoding: $0) }
        members["predict"] = predict.map { .array($0.map { .string($0) }) }
        members["name"] = name.map { .string($0) }
        return members
    }

    private static func check(modelName name: String) throws(JobError) {
        if let refusal = Name.refusal(name, of: "model") { throw .invalid(field: "name", detail: refusal) }
        guard name != "latest", name != "scratch" else {
            throw .invalid(field: "name", detail: "\"\(name)\" has a meaning in \"from\"; another name is right")
        }
    }
}
