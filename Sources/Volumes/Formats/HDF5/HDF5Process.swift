internal import CHDF5Reader
internal import Foundation

/// HDF5's library at work on one file, in a process of its own that a bad file ends instead of this one.
struct HDF5Process {
    let file: OpenFile
    /// The folder for what it writes.
    let scratch: URL

    /// The most bytes that the list of datasets may have.
    private static let longestListing = 64 << 20

    /// The datasets and attributes that the file's own links lead to.
    func listing() throws(VolumeError) -> HDF5Listing {
        HDF5Listing(try run(["list"]).bytes(at: 0, upTo: Self.longestListing))
    }

    /// The numbers of what was selected as a file of `bytes` bytes, little-endian, one dataset after another.
    func voxels(of selection: HDF5Selection, bytes: Int) throws(VolumeError) -> OpenFile {
        let box = selection.sizes.map { "0+\($0)" }.joined(separator: ",")
        let content = try run(["copy", selection.storedType] + selection.datasets.flatMap { [$0.path, box] })
        guard content.size == bytes else {
            throw .malformed("the HDF5 file has \(content.size) bytes of voxels; its sizes require \(bytes)")
        }
        return content
    }

    /// Runs a command of `chdf5_run` and returns its output.
    private func run(_ command: [String]) throws(VolumeError) -> OpenFile {
        let target = try ScratchFile(in: scratch)
        let input = try file.duplicate()
        defer { close(input) }
        let output = try target.reopen().duplicate()
        defer { close(output) }
        let words = command.map { strdup($0) }
        defer { for word in words { free(word) } }
        let pointers = words.map { word in word.map { UnsafePointer($0) } } + [nil]
        var text = [CChar](repeating: 0, count: 1024)
        let outcome = chdf5_run(input, output, pointers, &text, text.count)
        let message = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        switch outcome {
        case chdf5_done: return try target.reopen()
        case chdf5_refused: throw .malformed(message)
        case chdf5_full: throw .full("the disk has no room for the HDF5 file's voxels")
        case chdf5_not_started: throw .io("HDF5's library could not be started: \(message)")
        default:
            throw .malformed(
                "the HDF5 file is damaged: the library that reads it broke down, or didn't come to an end; h5dump or "
                    + "h5repack may tell where")
        }
    }
}
