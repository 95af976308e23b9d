package import Training

/// What is asked of a job that compares trainings: `crossvalidate`, `slices` or `transfer`.
package struct ExperimentRequest: Hashable, Sendable {
    /// The kinds that a job can be of.
    package static let kinds: [ExperimentKind] = [.crossvalidate, .slices, .transfer]

    package var kind: ExperimentKind
    /// Default: every annotated volume of the project; of `transfer` also those with a truth.
    package var volumes: [String]?
    /// Of `crossvalidate`: in how many parts the slices are divided; 3 by default.
    package var folds: Int?
    /// Of `slices`: slices per axis; of 1, 2 and 4 those that leave something to score by default.
    package var counts: [Int]?
    /// Changes to the recipe, as they were written.
    package var variants: [JSONValue]?
    /// A preset's name or a recipe object, as it was written.
    package var recipe: JSONValue?
    /// Of each single training; default: the preset's.
    package var budget: Budget?

    /// An experiment with nothing but defaults.
    package init(_ kind: ExperimentKind) {
        self.kind = kind
    }

    init(_ kind: ExperimentKind, _ fields: inout RequestFields) throws(JobError) {
        self.kind = kind
        volumes = try fields.strings("volumes")
        if kind == .crossvalidate, let value = fields.value("folds") {
            folds = try Self.whole(value, in: 2...100, field: "folds")
        }
        if kind == .slices, let value = fields.value("counts") { counts = try Self.counts(value) }
        if let value = fields.value("variants") {
            guard case .array(let changes) = value else {
                throw .invalid(
                    field: "variants",
                    detail: "must be a list of changes to the recipe like [{\"norm\":\"none\"}], not \(value.kind)")
            }
            variants = changes
        }
        recipe = fields.value("recipe")
        do throws(TrainingError) {
            if let value = fields.value("budget") { budget = try Budget(value) }
        } catch {
            throw JobError(error, field: "budget")
        }
        _ = try parsedVariants()
    }

    /// The recipes to compare; without any said those that the paper compared.
    func parsedVariants() throws(JobError) -> [ExperimentVariant] {
        do throws(TrainingError) {
            return try ExperimentVariant.list(
                variants ?? kind.usualVariants, of: recipe ?? .string(Preset.default.rawValue))
        } catch {
            throw JobError(error, field: "recipe")
        }
    }

    func json() throws -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["volumes"] = volumes.map { .array($0.map { .string($0) }) }
        members["folds"] = folds.map { .integer($0) }
        members["counts"] = counts.map { .array($0.map { .integer($0) }) }
        members["variants"] = variants.map { .array($0) }
        members["recipe"] = recipe
        members["budget"] = try budget.map { try JSONValue(encoding: $0) }
        return members
    }

    private static func counts(_ value: JSONValue) throws(JobError) -> [Int] {
        guard case .array(let values) = value, !values.isEmpty else {
            throw .invalid(field: "counts", detail: "must be a list of slices per axis like [1,2,4]")
        }
        var counts: [Int] = []
        for value in values {
            let count = try whole(value, in: 1...1000, field: "counts")
            guard !counts.contains(count) else {
                throw .invalid(field: "counts", detail: "has \(count) twice; once is right")
            }
            counts.append(count)
        }
        return counts
    }

    private static func whole(
        _ value: JSONValue, in range: ClosedRange<Int>, field: String
    ) throws(JobError) -> Int {
        if case .number(let number) = value, let whole = Int(exactly: number), range.contains(whole) { return whole }
        throw .invalid(
            field: field, detail: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
}
