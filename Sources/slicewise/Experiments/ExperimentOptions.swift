internal import ArgumentParser
internal import Foundation
internal import JSON
internal import Training

/// The options of all experiments except `presets`.
struct ExperimentOptions: ParsableArguments {
    @OptionGroup var files: ExperimentFiles

    @Option(
        help: ArgumentHelp(
            "A preset (fast, default, accurate, paper), a JSON object or a JSON file.", valueName: "recipe"))
    var recipe = "default"

    @Option(help: "The most seconds of each training. (default: the recipe's)")
    var seconds: Double?

    @Option(help: "The most steps of each training.")
    var steps: Int?

    func validate() throws {
        guard (seconds ?? 1) > 0, (steps ?? 1) > 0 else {
            throw ValidationError("--seconds and --steps must be above 0.")
        }
    }

    var budget: Budget? { steps == nil && seconds == nil ? nil : Budget(steps: steps, seconds: seconds) }

    /// Makes the plan for the volumes and runs it.
    func run(
        _ kind: ExperimentKind, usual: ExperimentData.Annotation, variants: VariantsArgument?,
        plan: ([ExperimentSubject], [String], [ExperimentVariant]) throws(TrainingError) -> ExperimentPlan
    ) throws {
        try OutputPlace.check(folder: files.out)
        let variants = try ExperimentVariant.list(
            variants?.changes ?? kind.usualVariants, of: try files.recipe(recipe))
        let data = try ExperimentData(files, usual: usual)
        try files.perform(try plan(data.subjects, data.classes, variants), on: data)
    }
}

/// A JSON list of changes to a recipe, on the command line.
struct VariantsArgument: ExpressibleByArgument {
    let changes: [JSONValue]

    static let help = ArgumentHelp(
        "Changes to the recipe to compare, like '[{\"norm\":\"batch\"},{\"norm\":\"none\"}]'.", valueName: "json")

    init?(argument: String) {
        guard case .array(let changes)? = try? JSONValue(json: Data(argument.utf8)) else { return nil }
        self.changes = changes
    }
}

/// `1,2,4` on the command line.
struct CountsArgument: ExpressibleByArgument {
    let values: [Int]

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 }), Set(numbers).count == numbers.count else { return nil }
        values = numbers
    }
}
