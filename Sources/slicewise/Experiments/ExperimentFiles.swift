internal import ArgumentParser
internal import Foundation
internal import JSON
internal import Tensors
internal import Training
internal import Volumes

/// The options of every experiment: its volumes, seed and output folder.
struct ExperimentFiles: ParsableArguments {
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Image volumes.", valueName: "file"))
    var image: [String] = []

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Label volumes, one for each image.", valueName: "file"))
    var labels: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The class of every voxel, one file for each image, to score on if --labels has only some slices.",
            valueName: "file"))
    var truth: [String] = []

    @Flag(help: "Take voxels of labels and truths as they are stored, wherever the files say that they lie.")
    var ignorePlace = false

    @OptionGroup var images: ImageOptions

    @Option(help: "Phantoms to make instead of files, up to 3, with the sizes of the paper's volumes.")
    var phantoms = 0

    @Option(help: "Size of the phantoms, as a fraction of the paper's.")
    var scale = 0.5

    @Option(help: "Annotated slices per axis of volumes that are densely labelled.")
    var slices: Int?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Names of the classes. (default: class0 class1 …)", valueName: "name"))
    var classes: [String] = []

    @OptionGroup var meaning: LabelMeaning

    @Option(help: "The seed of the random numbers.")
    var seed: UInt64 = 1

    @Option(help: "Threads. (default: every core)")
    var threads: Int?

    @Option(help: ArgumentHelp("The folder to write to; it is made if it does not exist.", valueName: "folder"))
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
        guard (0.05...1).contains(scale) else { throw ValidationError("--scale must be from 0.05 to 1.") }
        guard (slices ?? 1) > 0 else { throw ValidationError("--slices must be above 0.") }
    }

    /// Reads a recipe from the command line and sets its seed.
    func recipe(_ text: String) throws -> JSONValue {
        let value = try FileTraining.recipeValue(text)
        let object: JSONValue = if case .string = value { .object(["preset": value]) } else { value }
        return object.merging(.object(["seed": .number(Double(seed))]))
    }

    /// Does the runs of the plan that are not done yet; writes the results after every run.
    func perform(_ plan: ExperimentPlan, on data: ExperimentData, others: [Chart.Line] = []) throws {
        let folder = try ExperimentFolder(out, plan: plan, sources: data.identity, others: others)
        let volumes = try data.load(plan)
        let warnings = LabelWarnings.of(
            volumes.map {
                TrainingVolume(name: $0.name, image: $0.image, statistics: $0.statistics, slices: $0.slices)
            }, classes: plan.classes)
        let done = folder.results
        if !done.isEmpty { say("continuing after run \(done.count) of \(plan.trials.count)") }
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
                return signals.isStopping ? .stop : .proceed
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
                "stopped after run \(outcome.results.count) of \(plan.trials.count); the same command continues")
        }
        try folder.write(outcome.results, warnings: warnings)
        say("\n\(folder.table(of: outcome.results))\n\nwrote result.json, table.md and plot.svg to \(out)")
    }
}
