internal import ArgumentParser
internal import Foundation
internal import Training

/// `slicewise experiment presets`.
struct PresetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets",
        abstract: "IoU by the seconds of training, for each preset.",
        discussion: """
            Each volume is learnt by itself from --slices slices per axis and scored on all its other voxels; the plot \
            shows the mean over the volumes. --others adds lines of other programs to the plot, from a JSON file \
            like [{"name":"random forest","points":[{"x":3.1,"y":0.85}]}] with x in seconds and y in mean IoU.

            Example: slicewise experiment presets --image a.nii.gz --labels a-truth.nii.gz --seconds 15,30,60 --out presets
            """)

    @OptionGroup var files: ExperimentFiles

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Presets or recipes as JSON objects, to compare.", valueName: "recipe"))
    var presets = ["fast", "default", "accurate"]

    @Option(help: "Seconds of training, like 15,30,60,120.")
    var seconds: SecondsArgument = SecondsArgument(values: [15, 30, 60, 120])

    @Option(help: ArgumentHelp("More lines for the plot, a JSON file.", valueName: "file"))
    var others: String?

    func run() async throws {
        try OutputPlace.check(folder: files.out)
        let others = try others.map { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandError("\(path): there is no such file")
            }
            guard let lines = try? JSONDecoder().decode([Chart.Line].self, from: data) else {
                throw CommandError(
                    "\(path): is not a list like [{\"name\":\"random forest\",\"points\":[{\"x\":3.1,\"y\":0.85}]}]"
                )
            }
            return lines
        }
        let variants = try presets.map { text in
            ExperimentVariant(name: text, recipe: try Recipe(files.recipe(text)))
        }
        let data = try ExperimentData(files, usual: .perAxis(2))
        let plan = try ExperimentPlan.presets(
            data.subjects, classes: data.classes, variants: variants, seconds: seconds.values)
        try files.perform(plan, on: data, others: others ?? [])
    }
}

/// `15,30,60` on the command line.
struct SecondsArgument: ExpressibleByArgument {
    let values: [Double]

    init(values: [Double]) {
        self.values = values
    }

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? 0 }
        guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        values = Set(numbers).sorted()
    }

    var defaultValueDescription: String { values.map { Chart.text($0) }.joined(separator: ",") }
}
