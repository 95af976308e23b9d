internal import Foundation
internal import HTTP
internal import Store
internal import Volumes

extension API {
    /// The query parameter for the format of a downloaded volume.
    static let formatParameter = Endpoint.QueryParameter.choice(
        "format", of: "VolumeFormat", "The file's format; nii.gz by default")

    /// The query parameter for the model whose prediction is meant.
    static let modelParameter = Endpoint.QueryParameter.text(
        "model",
        "The model's name; by default, and with latest, the one that the project goes by, or else the newest finished one"
    )

    /// The answer with a file in any of the formats.
    static func file(_ description: String) -> Endpoint.Answer {
        var answer = Endpoint.Answer(200, description)
        var types = VolumeFormat.allCases.map(\.contentType)
        types = types.enumerated().filter { types.firstIndex(of: $0.element) == $0.offset }.map(\.element)
        answer.content = types.map(Endpoint.Content.binary)
        return answer
    }

    /// The format given in the query.
    func format(_ request: Request) throws(HTTPError) -> VolumeFormat {
        guard let name = request.query.text("format") else { return .niftiGzip }
        guard let format = VolumeFormat(name: name) else {
            let known = VolumeFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(
                "\"\(name.prefix(40))\" is not a format for downloads; the formats are \(known)", field: "format")
        }
        return format
    }

    /// How the labels of a project should be shown.
    func look(of project: ProjectRecord) -> VolumeLook {
        .labels(
            project.classes.map { Color(hex: $0.color) ?? Color(red: 128, green: 128, blue: 128) },
            names: project.classes.map(\.name))
    }

    /// Answers with a volume as a file, made only once, with an entity tag and support for ranges.
    ///
    /// `identity` must change whenever the voxels or the grid do; `name` is the name of the saved file.
    func export(
        _ request: Request, identity: [String], of volume: VolumeRecord, name: String, look: VolumeLook? = nil,
        of source: @escaping @Sendable () throws -> any VoxelSource
    ) async throws -> Response {
        let format = try format(request)
        let identity = Self.identity(identity, as: format, look)
        let tag = ExportCache.tag(identity + [format.fileExtension])
        if request.has(tag: tag) { return .unchanged(tag: tag) }
        let export = try await exports.export(
            identity, of: .volume(volume.id), fileExtension: format.fileExtension
        ) { url in
            try writeVolume(try source(), as: format, to: url, look: look)
        }
        return try .file(
            export.url, contentType: format.contentType, etag: export.tag,
            filename: "\(name).\(format.fileExtension)")
    }

    /// The entity tags of an exported volume in all formats.
    static func tags(of identity: [String], look: VolumeLook? = nil) -> [String] {
        VolumeFormat.allCases.map { ExportCache.tag(Self.identity(identity, as: $0, look) + [$0.fileExtension]) }
    }

    private static func identity(_ identity: [String], as format: VolumeFormat, _ look: VolumeLook?) -> [String] {
        // No other format can say how to show the values.
        switch format {
        case .tiff: identity + (look?.colors.map(\.hex) ?? [])
        case .segmentation: identity + (look?.colors.map(\.hex) ?? []) + (look?.names ?? [])
        case .nifti, .niftiGzip, .npy, .nrrd, .metaImage, .raw: identity
        }
    }
}
