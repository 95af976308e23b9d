package import Foundation

/// A file format in which volumes come and go.
package enum VolumeFormat: String, CaseIterable, Codable, Sendable {
    case nifti = "nii"
    case niftiGzip = "nii.gz"
    case npy
    /// Nothing but the voxels, C×Z×Y×X, little-endian; only written, for nothing in it says what it is.
    case raw

    /// The format that a query or a file name's ending calls so.
    package init?(name: String) {
        self.init(rawValue: name.lowercased())
    }

    /// The ending of its files' names, without a dot in front.
    package var fileExtension: String { rawValue }

    package var contentType: String {
        switch self {
        case .nifti: "application/octet-stream"
        case .niftiGzip: "application/gzip"
        case .npy: "application/octet-stream"
        case .raw: "application/octet-stream"
        }
    }

    /// Tells a file's format by its content, whatever its name.
    package static func recognise(_ url: URL) throws(VolumeError) -> VolumeFormat {
        throw .unknownFormat("not written yet")
    }
}
