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

            Ctrl-C stops early and keeps what was learned. Started several times by mpirun, or by srun with MPI, all \
            processes train the one model together.

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

    @Option(
        help: ArgumentHelp(
            "A file to keep what is learned in, every 15 seconds, until the training ends: after an interruption the "
                + "same command goes on from it.", valueName: "file"))
    var checkpoint: String?

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
        // The checkpoint goes when the training ends.
        let place = { (path: String) in URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath() }
        guard checkpoint.map(place) != place(out) else {
            throw ValidationError("--checkpoint and --out name the same file; give the checkpoint one of its own.")
        }
    }

    func run() async throws {
        let ranks = try RankLaunch.join()
        do {
            try train(ranks)
        } catch {
            // The others would wait for this one, and nothing is printed once they are ended.
            ranks?.abort(because: "\(error)")
            throw error
        }
        ranks?.leave()
    }

    private func train(_ ranks: MPIRanks?) throws {
        try OutputPlace.check(file: out)
        if let checkpoint { try OutputPlace.check(file: checkpoint) }
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
        let file = checkpoint.map(TrainingCheckpoint.init)
        let earlier = try file?.read()
        let data = file == nil && ranks == nil ? nil : try TrainingData(volumes, recipe: recipe, start: start)
        if let earlier, let data { try file?.check(earlier, learnedFrom: data, images: image, labels: labels) }
        let signals = StopSignals()
        let isFirst = (ranks?.rank ?? 0) == 0
        let progress = isFirst ? ProgressLine() : nil
        let engine = try Engine(threads: threads, kernels: kernels)
        let trainer = try Trainer(
            volumes: volumes, classes: names, recipe: recipe, budget: budget, start: start, resume: earlier,
            data: try data?.text(), ranks: ranks, engine: ranks.map { RankEngine(engine, $0) } ?? engine)
        try earlier.map { try file?.check($0, fits: trainer, budget, classes: names) }
        try ranks?.checkAgreement(
            on: [
                Slicewise.configuration.version, "\(trainer.recipe)", "\(budget)", "\(names)", earlier?.digest ?? "",
                try data?.text() ?? "",
            ])
        if let earlier { progress?.finish("going on from step \(earlier.step), as \(checkpoint ?? "") says") }
        let show: (TrainingProgress) -> Void = { now in
            progress?.show(
                "training", fraction: now.steps.map { Double(now.step) / Double(max($0, 1)) } ?? 0, eta: now.eta,
                detail: "step \(now.step)  loss \(TextTable.share(now.loss))")
        }
        let result = try trainer.run(
            progress: { now in
                show(now)
                let stops = signals.isStopping ? 1.0 : 0
                return (ranks?.first(stops) ?? stops) == 1 ? .stop : .proceed
            }, finishing: show
        ) { if isFirst { try file?.write($0) } }
        guard result.steps > 0 else {
            progress?.finish("stopped before the first step; nothing was written")
            throw ExitCode.failure
        }
        guard isFirst else { return }
        try result.checkpoint.weightsOnly().write(to: URL(filePath: out))
        if result.finished == .stopped { try file?.write(result.checkpoint) } else { file?.remove() }
        let warnings =
            LabelWarnings.of(
                volumes, classes: names,
                axes: result.recipe.sampling.learnedAxes(in: result.checkpoint.configuration.dimensions))
            + VolumeWarnings.of(volumes, for: result.recipe) + result.warnings
        let together = ranks.map { " on \($0.count) ranks" } ?? ""
        progress?.finish(
            "\(result.steps.counting("step")) in \(ProgressLine.duration(result.seconds))\(together); wrote \(out)")
        for warning in warnings { progress?.finish("warning: \(warning)") }
    }
}

extension ConvolutionKernels: ExpressibleByArgument {}
