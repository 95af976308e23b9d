import Foundation
import TestSupport
import Testing

/// A file that another program wrote, and what must be read from it.
struct ForeignFile: CustomStringConvertible {
    /// An entry of the manifest beside the files.
    private struct Entry: Decodable {
        var file: String
        var expect: String
        var shape_czyx: [Int]
        var dtype: String
        var spacing_zyx: [Double]?
        var unit: String?
        var affine: [[Double]]?
    }

    let url: URL
    /// The NPY file of its voxels.
    let expectation: URL
    /// C×Z×Y×X.
    let shape: [Int]
    let element: String
    /// Z, y, x.
    let spacing: [Double]?
    let unit: String?
    let affine: [[Double]]?

    var description: String { url.lastPathComponent }

    /// Whether this machine has any.
    static var areThere: Bool { TestFiles.formats != nil }

    static let whyNot: Comment = "there is no formats in SLICEWISE_SHARED, nor in ../shared beside the checkout"

    private static let readable = ["nii", "gz", "npy", "nrrd", "mha", "tif"]

    static func all() throws -> [ForeignFile] {
        let folder = try #require(TestFiles.formats)
        let manifest = try Data(contentsOf: folder.appending(path: "manifest.json"))
        return try JSONDecoder().decode([Entry].self, from: manifest).map { entry in
            ForeignFile(
                url: folder.appending(path: entry.file), expectation: folder.appending(path: entry.expect),
                shape: entry.shape_czyx, element: entry.dtype, spacing: entry.spacing_zyx, unit: entry.unit,
                affine: entry.affine)
        }.filter { readable.contains($0.url.pathExtension) }
    }
}
