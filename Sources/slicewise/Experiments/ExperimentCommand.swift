internal import ArgumentParser
internal import Training

/// `slicewise experiment`: compares trainings.
struct ExperimentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment",
        abstract: "Compare trainings: variants of a recipe, numbers of slices, volumes, presets.",
        discussion: """
            Every experiment does several trainings, scores each on voxels that it did not learn from, and writes to \
            the folder:
              result.json   everything, run by run
              table.md      tables in Markdown
              plot.svg      a plot
            Finished runs are kept in the folder: after an interruption the same command continues.

            Volumes are files (--image with --labels) or phantoms (--phantoms). A label file without unlabeled voxels \
            (255) is the truth, of which only --slices slices per axis are annotated: by default 8 for crossvalidate, \
            4 for transfer, 2 for presets. Phantoms have as many as the paper's volumes, scaled with --scale.
            """,
        subcommands: [
            CrossvalidateCommand.self, SlicesCommand.self, TransferCommand.self, PresetsCommand.self,
        ])
}

/// `slicewise experiment crossvalidate`.
struct CrossvalidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crossvalidate",
        abstract: "Hold annotated slices out in turn; compare recipes on them.",
        discussion: """
            By default compares batch norm, no norm, and the 2D U-Net with batch norm. A 2D network learns from the \
            slices on axis z alone, or with "sampling":{"planes":"all"} from those on every axis.

            Example: slicewise experiment crossvalidate --phantoms 3 --seconds 60 --out crossvalidation
            """)

    @OptionGroup var options: ExperimentOptions

    @Option(help: "Parts that the slices are divided into.")
    var folds = 3

    @Option(help: VariantsArgument.help)
    var variants: VariantsArgument?

    func validate() throws {
        guard folds >= 2 else { throw ValidationError("--folds must be 2 or more.") }
    }

    func run() async throws {
        try options.run(.crossvalidate, usual: .asInPaper(8), variants: variants) {
            subjects, classes, variants throws(TrainingError) in
            try .crossvalidation(subjects, classes: classes, folds: folds, variants: variants, budget: options.budget)
        }
    }
}

/// `slicewise experiment slices`.
struct SlicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slices",
        abstract: "IoU by the number of annotated slices per axis.",
        discussion: """
            Each volume is learnt by itself. Slices are evenly spaced among those annotated; all counts are scored on \
            the same voxels, which none of them learns from: those of the truth if the labels are dense, else those of \
            the remaining annotated slices.

            Example: slicewise experiment slices --image a.nii.gz --labels a-truth.nii.gz --counts 1,2,4 --out slices
            """)

    @OptionGroup var options: ExperimentOptions

    @Option(help: "Slices per axis, like 1,2,4. (default: those of 1,2,4 that leave something to score)")
    var counts: CountsArgument?

    @Option(help: VariantsArgument.help)
    var variants: VariantsArgument?

    func run() async throws {
        try options.run(.slices, usual: .all, variants: variants) {
            subjects, classes, variants throws(TrainingError) in
            try .slices(
                subjects, classes: classes, counts: counts?.values, variants: variants, budget: options.budget)
        }
    }
}

/// `slicewise experiment transfer`.
struct TransferCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer",
        abstract: "Train on all volumes but one and segment that one, each in turn.",
        discussion: """
            By default compares batch norm and no norm.

            Example: slicewise experiment transfer --image a.nii b.nii --labels a-truth.nii b-truth.nii --out transfer
            """)

    @OptionGroup var options: ExperimentOptions

    @Option(help: VariantsArgument.help)
    var variants: VariantsArgument?

    func run() async throws {
        try options.run(.transfer, usual: .asInPaper(4), variants: variants) {
            subjects, classes, variants throws(TrainingError) in
            try .transfer(subjects, classes: classes, variants: variants, budget: options.budget)
        }
    }
}
