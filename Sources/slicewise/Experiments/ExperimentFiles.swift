internal import ArgumentParser
internal import Foundation
internal import Tensors
internal import Training
internal import Volumes

/// What every experiment is told: its volumes, where chance starts from, and where the results go.
struct ExperimentFiles: ParsableArguments {
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Image volumes.", valueName: "file"))
    var image: [String] = []

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Label volumes, one for each image.", valueName: "file"))
    var labels: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The class of every voxel, one for each image, to score on where --labels has few slices.",
            valueName: "file"))
    var truth: [String] = []

    @Option(help: "Phantoms to make in place of files, up to 3 of the sizes of the paper's volumes.")
    var phantoms = 0

    @Option(help: "Size of the phantoms, as a share of the paper's.")
    var scale = 0.5

    @Option(help: "Annotated slices per axis of volumes that are labelled throughout.")
    var slices: Int?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Names of the classes. (default: class0 class1 …)", valueName: "name"))
    var classes: [String] = []

    @Option(help: "Where chance starts from.")
    var seed: UInt64 = 1

    @Option(help: "Threads. (default: every core)")
    var threads: Int?

    @Option(help: ArgumentHelp("The folder to write to; it is made if need be.", valueName: "folder"))
    var out: String

    func validate() throws {
        guard image.count == labels.count else {
            throw ValidationError(
                "\(image.count) images and \(labels.count) label volumes; give one --labels for each.")
        }
        guard truth.isEmpty || truth.count == image.count else {
            throw ValidationError("\(image.count) images and \(truth.count) truths; give one --truth for each or none.")
        }
        guard image.isEmpty == (phantoms > 0), (0...3).contains(phantoms) else {
            throw ValidationError("Give volumes: either --image with --labels, or --phantoms from 1 to 3.")
        }
        guard (0.05...1).contains(scale) else { throw ValidationError("--scale is from 0.05 to 1.") }
        guard (slices ?? 1) > 0 else { throw ValidationError("--slices is above 0.") }
    }

    /// A recipe, as text on the command line, with the seed.
    func recipe(_ text: String) throws -> JSONValue {
        let value = try FileTraining.recipeValue(text)
        let object: JSONValue = if case .string = value { .object(["preset": value]) } else { value }
        return object.merging(.object(["seed": .number(Double(seed))]))
    }

    /// Does what the plan says and is not done yet; writes what has been found after every run.
    func perform(_ plan: ExperimentPlan, on data: ExperimentData, others: [Chart.Line] = []) throws {
        let folder = try ExperimentFolder(out, plan: plan, sources: data.identity, others: others)
        let volumes = try data.load(plan)
        let warnings = LabelWarnings.of(
            volumes.map {
                TrainingVolume(name: $0.name, image: $0.image, statistics: $0.statistics, slices: $0.slices)
            }, classes: plan.classes)
        let done = folder.results
        if !done.isEmpty { say("going on behind run \(done.count) of \(plan.trials.count)") }
        let signals = StopSignals()
        let line = ProgressLine()
        let outcome = try Experiment(plan, volumes: volumes, engine: Engine(threads: threads)).run(
            done: done,
            progress: { now in
                let part = "run \(now.run) of \(now.runs): \(now.title)"
                switch now.trial {
                case .training(let training):
                    line.show(
                        part, fraction: nil, eta: now.eta,
                        detail: "step \(training.step)  loss \(TextTable.share(training.loss))")
                case .predicting(let share, _): line.show(part, fraction: share, detail: "predicting")
                }
                return signals.isStopping ? .stop : .goOn
            },
            finished: { results in
                guard let last = results.last else { return }
                line.finish(
                    "\(last.series), \(last.label): \(last.error ?? "mean IoU \(TextTable.share(last.meanIoU))")")
                try folder.write(results, warnings: warnings)
            }, checkpoint: { _, _ in })
        line.clear()
        if outcome.isStopped {
            throw CommandError(
                "stopped behind run \(outcome.results.count) of \(plan.trials.count); the same command goes on")
        }
        try folder.write(outcome.results, warnings: warnings)
        say("\n\(folder.table(of: outcome.results))\n\nwrote result.json, table.md and plot.svg to \(out)")
    }
}
