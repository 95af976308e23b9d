package import Foundation

/// A file format in which volumes come and go.
package enum VolumeFormat: String, CaseIterable, Codable, Sendable {
    case nifti = "nii"
    case niftiGzip = "nii.gz"
    case npy
    case nrrd
    case metaImage = "mha"
    case tiff
    /// Nothing but the voxels, C×Z×Y×X, little-endian; only written, for nothing in it says what it is.
    case raw

    /// The format that a query or a file name's ending calls so.
    package init?(name: String) {
        let name = name.lowercased()
        self.init(rawValue: name == "tif" ? "tiff" : name)
    }

    /// The ending of its files' names, without a dot in front.
    package var fileExtension: String { rawValue }

    /// The format that the ending of a file's name asks for, whatever stands before it.
    package init?(fileName: String) {
        let name = fileName.lowercased()
        let endings = Self.allCases.map(\.fileExtension) + ["tif"]
        let ending = endings.sorted { $0.count > $1.count }.first { name.hasSuffix("." + $0) }
        guard let ending else { return nil }
        self.init(name: ending)
    }

    package var contentType: String {
        switch self {
        case .niftiGzip: "application/gzip"
        case .tiff: "image/tiff"
        case .nifti, .npy, .nrrd, .metaImage, .raw: "application/octet-stream"
        }
    }

    /// Tells a file's format by its content, whatever its name.
    package static func recognise(_ url: URL) throws(VolumeError) -> VolumeFormat {
        let file = try PackedFile(url, scratch: url.deletingLastPathComponent())
        let format = try recognise(file).format
        return format == .nifti && file.isGzipped ? .niftiGzip : format
    }

    /// All that can be read.
    private static let readable: [any VolumeFileFormat.Type] = [
        NIfTIFormat.self, NPYFormat.self, NRRDFormat.self, MetaImageFormat.self, TIFFFormat.self,
    ]

    /// What writes the format; `nil` where nothing stands in front of the voxels.
    var code: (any VolumeFileFormat.Type)? {
        switch self {
        case .nifti, .niftiGzip: NIfTIFormat.self
        case .npy: NPYFormat.self
        case .nrrd: NRRDFormat.self
        case .metaImage: MetaImageFormat.self
        case .tiff: TIFFFormat.self
        case .raw: nil
        }
    }

    /// The code that reads a file.
    static func recognise(_ file: PackedFile) throws(VolumeError) -> any VolumeFileFormat.Type {
        for code in readable where code.recognises(file.start) { return code }
        let start = file.start.prefix(8).map { String(format: "%02x", $0) }.joined(separator: " ")
        let names = readable.map { $0.name }.joined(separator: ", ")
        throw .unknownFormat("the file is none of the known formats, which are \(names); it begins with \(start)")
    }
}
