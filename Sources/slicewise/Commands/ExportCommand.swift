internal import ArgumentParser
internal import Exchange
internal import Foundation
internal import JSON
internal import Network
internal import Tensors
internal import Volumes

/// `slicewise export`: a model for other programs.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a model as an ONNX graph, or as a package of BioImage.IO.",
        discussion: """
            The graph takes gray values as 32-bit floats (batch, channel, z, y, x) of any size and gives the probability of \
            each class. Each image is scaled by its own mean and deviation, or all as the image given with --image.

            Example: slicewise export --model a.safetensors --format onnx --out a.onnx
            """)

    @Option(help: ArgumentHelp("The model, a safetensors file.", valueName: "file"))
    var model: String

    @Option(help: "onnx or bioimageio.")
    var format: ModelFormat

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var out: String

    @Option(help: ArgumentHelp("A volume by whose intensities all images are scaled.", valueName: "file"))
    var image: String?

    @OptionGroup var images: ImageOptions

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Names of the classes. (default: those in the model's file)", valueName: "name"))
    var classes: [String] = []

    @Option(help: ArgumentHelp("Of bioimageio: who made it; semicolons between names.", valueName: "names"))
    var authors: String?

    @Option(help: "Of bioimageio: its license, an identifier of SPDX such as CC-BY-4.0.")
    var license: String?

    func validate() throws {
        guard format != .safetensors else {
            throw ValidationError("--format must be onnx or bioimageio; models are safetensors files already.")
        }
        guard format == .bioimageio || authors == nil && license == nil else {
            throw ValidationError("--authors and --license are for --format bioimageio.")
        }
    }

    func run() async throws {
        try OutputPlace.check(file: out)
        let checkpoint = try FileTraining.model(model)
        let credits = try PackageCredits(authors: authors, license: license)
        let portable = try PortableModel(
            name: URL(filePath: model).deletingPathExtension().lastPathComponent, created: created,
            checkpoint: checkpoint, recipe: try FileTraining.recipe(storedWith: checkpoint),
            classes: try names(in: checkpoint), volume: try volume())
        let file =
            try format == .onnx
            ? ONNXModel(portable).encoded : ModelPackage(portable, credits: credits, engine: Engine()).encoded
        try file.write(to: URL(filePath: out))
        note("wrote \(out)")
    }

    /// When the model's file was written.
    private var created: Date {
        let attributes = try? FileManager.default.attributesOfItem(atPath: model)
        return attributes?[.modificationDate] as? Date ?? Date()
    }

    private func names(in checkpoint: Checkpoint) throws -> [String] {
        guard classes.isEmpty else { return classes }
        if let text = checkpoint.metadata["classes"] {
            return try JSONText.decode([String].self, from: text)
        }
        return (0..<checkpoint.configuration.classes).map { "class\($0)" }
    }

    private func volume() throws -> MeasuredVolume? {
        guard let image else { return nil }
        let source = try images.open(image)
        return MeasuredVolume(
            name: URL(filePath: image).lastPathComponent, spacing: source.header.spacing,
            statistics: try ChannelStatistics.measure(source))
    }
}

extension ModelFormat: ExpressibleByArgument {}
