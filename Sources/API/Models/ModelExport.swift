internal import Exchange
internal import Foundation
internal import HTTP
internal import JSON
internal import Jobs
internal import Network
internal import Store
internal import Training
internal import Volumes

/// What a download of weights asks for: a format, and what a file in it says besides.
struct ModelExport {
    static let parameters: [Endpoint.QueryParameter] = [
        .choice(
            "format", of: "ModelFormat",
            "safetensors (default), an ONNX graph, or a package of BioImage.IO (a zip archive)"),
        .text(
            "volume",
            "With onnx and bioimageio: scale all images as this volume of the project; by default each by its own mean and deviation"
        ),
        .text("authors", "With bioimageio: names, with semicolons between them"),
        .text("license", "With bioimageio: an identifier of SPDX, such as CC-BY-4.0; none by default"),
    ]

    let format: ModelFormat
    private let volume: VolumeRecord?
    private let credits: PackageCredits

    /// Reads the query; throws if a parameter is wrong, or makes no sense for the format.
    init(_ request: Request, in project: ProjectRecord, _ api: API) async throws {
        let name = request.query.text("format") ?? ModelFormat.safetensors.rawValue
        guard let format = ModelFormat(rawValue: name) else {
            let known = ModelFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw HTTPError.invalid(
                "\"\(name.prefix(40))\" is not a format of models; the formats are \(known)", field: "format")
        }
        let meant: KeyValuePairs<String, [ModelFormat]> = [
            "volume": [.onnx, .bioimageio], "authors": [.bioimageio], "license": [.bioimageio],
        ]
        for (parameter, formats) in meant where request.query.text(parameter) != nil && !formats.contains(format) {
            throw HTTPError.invalid(
                "\(parameter) is for format=\(formats.map(\.rawValue).joined(separator: " and ")), not for \(format.rawValue)",
                field: parameter)
        }
        self.format = format
        credits = try PackageCredits(authors: request.query.text("authors"), license: request.query.text("license"))
        guard let name = request.query.text("volume") else {
            volume = nil
            return
        }
        volume = try await api.store.measured(try await api.store.volume(project: project.id, name: name))
    }

    /// Changes whenever the file does.
    func identity(of model: ModelRecord, in project: ProjectRecord) -> [String] {
        guard format != .safetensors else { return model.identity }
        let names = Self.classes(of: model, in: project).joined(separator: "\n")
        let scale = volume.map { "\($0.id) \($0.image) \($0.name)" } ?? ""
        return model.identity
            + [format.rawValue, names, scale, credits.authors.joined(separator: ";"), credits.license ?? ""]
    }

    /// The classes of a model by the names that they have now.
    private static func classes(of model: ModelRecord, in project: ProjectRecord) -> [String] {
        model.classes.indices.map { value in
            project.classes.indices.contains(value) ? project.classes[value].name : model.classes[value]
        }
    }

    /// Writes the file; blocks while an engine of `settings` computes what a package is tested with.
    func write(
        _ model: ModelRecord, in project: ProjectRecord, weights: Data, to url: URL, settings: JobSettings
    ) throws {
        guard format != .safetensors else { return try weights.write(to: url) }
        let measured = volume.map {
            MeasuredVolume(name: $0.name, spacing: $0.header.spacing, statistics: $0.statistics)
        }
        let portable = try PortableModel(
            name: model.name, created: model.created, checkpoint: try Checkpoint(weights),
            recipe: try Recipe(stored: Data(model.recipe.utf8)), classes: Self.classes(of: model, in: project),
            volume: measured)
        guard format == .bioimageio else { return try ONNXModel(portable).encoded.write(to: url) }
        let engine = try settings.makeEngine(settings.sliceThreads)
        try ModelPackage(portable, credits: credits, engine: engine).encoded.write(to: url)
    }
}
