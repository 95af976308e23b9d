internal import ArgumentParser
internal import Foundation
internal import Network
internal import Tensors
internal import Text
internal import Training
internal import Volumes

/// `slicewise train`: a model from image and label files.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on annotated volumes in files.",
        discussion: """
            Give every image its label volume, in the same order: the index of a class (0, 1, …) in annotated voxels, \
            255 in all others. Unlabeled is not background: voxels of 255 are never learned from.

            Ctrl-C stops early and keeps what was learned.

            Example: slicewise train --image a.nii.gz --labels a-labels.nii.gz --out a.safetensors --seconds 60
            """)

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Image volumes.", valueName: "file"))
    var image: [String]

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Label volumes, one for each image.", valueName: "file"))
    var labels: [String]

    @OptionGroup var images: ImageOptions

    @Flag(help: "Take voxels of labels as they are stored, wherever the files say that they lie.")
    var ignorePlace = false

    @Option(help: ArgumentHelp("The model to write, a safetensors file.", valueName: "file"))
    var out: String

    @Option(
        help: ArgumentHelp(
            "A preset (fast, default, accurate, paper), a JSON object or a JSON file.", valueName: "recipe"))
    var recipe = "default"

    @Option(help: "The most seconds to train. (default: the recipe's, 120 for \"default\")")
    var seconds: Double?

    @Option(help: "The most steps to train.")
    var steps: Int?

    @Option(help: "The seed of the random numbers. (default: the recipe's)")
    var seed: UInt64?

    @Option(help: ArgumentHelp("A model to start from, instead of random weights.", valueName: "file"))
    var from: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Names of the classes. (default: class0 class1 …)", valueName: "name"))
    var classes: [String] = []

    @OptionGroup var meaning: LabelMeaning

    @Option(help: "Threads. (default: every core)")
    var threads: Int?

    @Option(help: "The kernels for convolutions, to compare them: automatic, own or oneDNN.")
    var kernels = ConvolutionKernels.automatic

    func validate() throws {
        guard image.count == labels.count else {
            throw ValidationError(
                "\(image.count) images and \(labels.count) label volumes; give one --labels for each.")
        }
        guard (seconds ?? 1) > 0, (steps ?? 1) > 0 else {
            throw ValidationError("--seconds and --steps must be above 0.")
        }
    }

    func run() async throws {
        try OutputPlace.check(file: out)
        let volumes = try zip(image, labels).map {
            try FileTraining.volume(
                image: $0, images, labels: $1, ignoringPlace: ignorePlace, meaning: meaning, classes: classes)
        }
        let names = try FileTraining.classes(named: classes, in: volumes)

        let start = try from.map { try FileTraining.model($0) }
        var recipe = try FileTraining.recipe(recipe)
        if let seed { recipe.seed = seed }
        let given = Budget(steps: steps, seconds: seconds)
        let budget = steps == nil && seconds == nil ? recipe.preset.budget : given
        let signals = StopSignals()
        let progress = ProgressLine()
        let trainer = try Trainer(
            volumes: volumes, classes: names, recipe: recipe, budget: budget, start: start, resume: nil,
            engine: Engine(threads: threads, kernels: kernels))
        let show: (TrainingProgress) -> Void = { now in
            progress.show(
                "training", fraction: now.steps.map { Double(now.step) / Double(max($0, 1)) } ?? 0, eta: now.eta,
                detail: "step \(now.step)  loss \(TextTable.share(now.loss))")
        }
        let result = try trainer.run(
            progress: { now in
                show(now)
                return signals.isStopping ? .stop : .proceed
            }, finishing: show)
        guard result.steps > 0 else {
            progress.finish("stopped before the first step; nothing was written")
            throw ExitCode.failure
        }
        try result.checkpoint.weightsOnly().write(to: URL(filePath: out))
        let warnings =
            LabelWarnings.of(
                volumes, classes: names,
                axes: result.recipe.sampling.learnedAxes(in: result.checkpoint.configuration.dimensions))
            + VolumeWarnings.of(volumes, for: result.recipe) + result.warnings
        progress.finish("\(result.steps.counting("step")) in \(ProgressLine.duration(result.seconds)); wrote \(out)")
        for warning in warnings { progress.finish("warning: \(warning)") }
    }
}

extension ConvolutionKernels: ExpressibleByArgument {}
