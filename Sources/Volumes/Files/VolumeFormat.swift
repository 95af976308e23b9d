package import Foundation
internal import Text

/// A file format that volumes are read or written in.
package enum VolumeFormat: String, CaseIterable, Codable, Sendable {
    case nifti = "nii"
    case niftiGzip = "nii.gz"
    case npy
    case nrrd
    /// Labels with the names and colours of their classes, as 3D Slicer has them.
    case segmentation = "seg.nrrd"
    case metaImage = "mha"
    case tiff
    /// The voxels alone, C×Z×Y×X, little-endian; only written, as it has no header to read it by.
    case raw

    /// The format that has this name in a query or as a file name's ending.
    package init?(name: String) {
        let name = name.lowercased()
        self.init(rawValue: name == "tif" ? "tiff" : name)
    }

    /// The ending of its files' names, without the dot.
    package var fileExtension: String { rawValue }

    /// The format that the ending of a file's name stands for.
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
        case .nifti, .npy, .nrrd, .segmentation, .metaImage, .raw: "application/octet-stream"
        }
    }

    /// Recognises a file's format by its content, not by its name.
    ///
    /// `nil` for one that is only read.
    package static func recognise(_ url: URL) throws(VolumeError) -> VolumeFormat? {
        VolumeFormat(rawValue: try word(for: url))
    }

    /// The word for a file's format, recognised by its content, in answers: also for formats that are only read.
    package static func word(for url: URL) throws(VolumeError) -> String {
        guard FolderZarrStore(url) == nil else { return OMEZarrFormat.word }
        let file = try PackedFile(url, scratch: url.deletingLastPathComponent())
        let word = try recognise(file).word
        return word == nifti.rawValue && file.isGzipped ? niftiGzip.rawValue : word
    }

    /// The word for what is read from web servers.
    package static let wordForAddresses = OMEZarrFormat.word

    /// The formats that can be read.
    private static let readable: [any VolumeFileFormat.Type] = [
        NIfTIFormat.self, NPYFormat.self, NRRDFormat.self, MetaImageFormat.self, TIFFFormat.self, HDF5Format.self,
        MRCFormat.self, DICOMFormat.self,
    ]

    /// The formats of which a zip archive holds the files.
    private static let archived: [any ArchivedFileFormat.Type] = [OMEZarrFormat.self, DICOMFormat.self]

    /// The code that writes the format; `nil` if nothing stands in front of the voxels.
    var code: (any WritableFileFormat.Type)? {
        switch self {
        case .nifti, .niftiGzip: NIfTIFormat.self
        case .npy: NPYFormat.self
        case .nrrd: NRRDFormat.self
        case .segmentation: SegmentedNRRDFormat.self
        case .metaImage: MetaImageFormat.self
        case .tiff: TIFFFormat.self
        case .raw: nil
        }
    }

    /// The code that reads a file.
    static func recognise(_ file: PackedFile) throws(VolumeError) -> any VolumeFileFormat.Type {
        if ZipArchive.recognises(file.start) { return try recognise(ZipArchive(file)) }
        for code in readable where code.recognises(file.start) { return code }
        let start = file.start.prefix(8).map(\.hexadecimal).joined(separator: " ")
        let names = readable.map { $0.name }.joined(separator: ", ")
        throw .unknownFormat("the file's format is not known; known are \(names); the file begins with \(start)")
    }

    /// The code that reads what is in a zip archive.
    private static func recognise(_ archive: ZipArchive) throws(VolumeError) -> any VolumeFileFormat.Type {
        for code in archived {
            if try code.recognises(archive) { return code }
        }
        let found = archive.entries.prefix(5).map { ZipArchive.shown($0.name) }.joined(separator: ", ")
        let names = archived.map { $0.name }.joined(separator: ", ")
        throw .unknownFormat(
            "the zip archive holds no volume that is known; known are \(names); it has "
                + (found.isEmpty ? "no files" : found + (archive.entries.count > 5 ? ", …" : ""))
                + "; send a file of another format by itself")
    }
}
