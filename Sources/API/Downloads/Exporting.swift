internal import Foundation
internal import HTTP
internal import Store
internal import Volumes

extension API {
    /// The formats that whole volumes can be fetched in, as a parameter.
    static let formatParameter = Endpoint.QueryParameter.choice(
        "format", VolumeFormat.allCases.map(\.rawValue), "The file's format; nii.gz by default")

    /// A file of every format, as an answer.
    static func file(_ description: String) -> Endpoint.Answer {
        var answer = Endpoint.Answer(200, description)
        var types = VolumeFormat.allCases.map(\.contentType)
        types = types.enumerated().filter { types.firstIndex(of: $0.element) == $0.offset }.map(\.element)
        answer.content = types.map(Endpoint.Content.binary)
        return answer
    }

    /// The format that the query asks for.
    func format(_ request: Request) throws(HTTPError) -> VolumeFormat {
        guard let name = request.query.text("format") else { return .niftiGzip }
        guard let format = VolumeFormat(name: name) else {
            let known = VolumeFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(
                "\"\(name.prefix(40))\" is no format that can be written; there are \(known)", field: "format")
        }
        return format
    }

    /// A volume as a file: with an entity tag, in parts, and made only once.
    ///
    /// `identity` must differ whenever the voxels or the place in the world do; `name` is what it is saved as.
    func export(
        _ request: Request, identity: [String], of volume: VolumeRecord, name: String,
        of source: @escaping @Sendable () throws -> any VoxelSource
    ) async throws -> Response {
        let format = try format(request)
        let tag = ExportCache.tag(identity + [format.fileExtension])
        if request.has(tag: tag) { return .unchanged(tag: tag) }
        let export = try await exports.export(
            identity, of: .volume(volume.id), fileExtension: format.fileExtension
        ) { url in
            try writeVolume(try source(), as: format, to: url)
        }
        return try .file(
            export.url, contentType: format.contentType, etag: export.tag,
            filename: "\(name).\(format.fileExtension)")
    }
}
