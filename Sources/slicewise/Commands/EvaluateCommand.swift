internal import ArgumentParser
internal import Foundation
internal import Text
internal import Training
internal import Volumes

/// `slicewise evaluate`: scores a segmentation by comparing it with the truth.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Compare a segmentation with the truth.",
        discussion: """
            Prints IoU and Dice of every class, and the mean IoU over the classes that occur. Voxels whose truth is \
            255 are not scored; with --labels (the sparse labels) annotated voxels are not scored either. Files that \
            store the same places in another order of voxels, as by a mirrored axis, are compared place by place.

            Example: slicewise evaluate --prediction b-labels.nii.gz --truth b-truth.nii.gz
            """)

    @Option(help: ArgumentHelp("The segmentation.", valueName: "file"))
    var prediction: String

    @Option(help: ArgumentHelp("The true class of every voxel.", valueName: "file"))
    var truth: String

    @Option(help: ArgumentHelp("The sparse labels; annotated voxels are not scored.", valueName: "file"))
    var labels: String?

    @Flag(help: "Take voxels of all files as they are stored, wherever the files say that they lie.")
    var ignorePlace = false

    @Flag(help: "Print the whole report as JSON.")
    var json = false

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Names of the classes.", valueName: "name"))
    var classes: [String] = []

    @OptionGroup var meaning: LabelMeaning

    func run() async throws {
        let predicted = try FileTraining.labels(prediction, meaning: meaning, classes: classes)
        let open = { (path: String) in
            try FileTraining.labels(
                path, on: predicted.header, ignoringPlace: ignorePlace, meaning: meaning, classes: classes)
        }
        let truth = try open(truth)
        let annotated = try labels.map { path in
            let sparse = try open(path)
            return try FileTraining.reading(path) { try SliceSplitter.slices(of: sparse) }
        }
        let report = try Report.measure(
            model: "", prediction: predicted, training: annotated ?? [], truth: truth,
            classes: try names(for: [predicted, truth]))
        guard let scores = report.truth else { throw CommandError("there is no voxel to score: the truth is all 255") }
        guard !json else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return print(String(decoding: try encoder.encode(scores), as: UTF8.self))
        }
        var table = TextTable(["class", "IoU", "Dice", "TP", "FP", "FN"])
        for score in scores.classes {
            table.add([
                score.name, TextTable.share(score.iou), TextTable.share(score.dice), "\(score.tp)", "\(score.fp)",
                "\(score.fn)",
            ])
        }
        print("\(table.text)\n\nmean IoU \(TextTable.share(scores.meanIoU)) over \(scores.voxels.counting("voxel"))")
    }

    /// A name for every class that occurs or is named.
    private func names(for volumes: [any VoxelSource]) throws -> [String] {
        var highest: UInt8 = 0
        for volume in volumes {
            for z in 0..<volume.header.extent.z {
                let found = try volume.labels(slice: SlicePosition(.z, z)).filter { $0 != AnnotatedSlice.unlabeled }
                    .max()
                highest = max(highest, found ?? 0)
            }
        }
        return (0..<max(Int(highest) + 1, classes.count)).map {
            classes.indices.contains($0) ? classes[$0] : "class\($0)"
        }
    }
}
