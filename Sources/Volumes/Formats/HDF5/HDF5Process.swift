internal import CHDF5Reader
internal import Foundation

/// What HDF5's library has to say of a file, and its voxels.
struct HDF5Process {
    private let process: ReaderProcess

    init(file: OpenFile, scratch: URL) {
        process = ReaderProcess(
            name: CHDF5_READER, subject: "the HDF5 file", advice: "h5dump or h5repack may tell where", file: file,
            scratch: scratch)
    }

    /// The most bytes that the list of datasets may have.
    private static let longestListing = 64 << 20

    /// The datasets and attributes that the file's own links lead to.
    func listing() throws(VolumeError) -> HDF5Listing {
        HDF5Listing(try process.run(["list"]).bytes(at: 0, upTo: Self.longestListing))
    }

    /// The numbers of what was selected as a file of `bytes` bytes, little-endian, one dataset after another.
    func voxels(of selection: HDF5Selection, bytes: Int) throws(VolumeError) -> OpenFile {
        let box = selection.sizes.map { "0+\($0)" }.joined(separator: ",")
        let content = try process.run(["copy", selection.storedType] + selection.datasets.flatMap { [$0.path, box] })
        guard content.size == bytes else {
            throw .malformed("the HDF5 file has \(content.size) bytes of voxels; its sizes require \(bytes)")
        }
        return content
    }
}
