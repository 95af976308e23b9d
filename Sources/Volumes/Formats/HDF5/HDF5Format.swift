/// HDF5: the only dataset that can be a volume, or the one that the sender names; files of Imaris and BigDataViewer by
/// their layout.
///
/// HDF5's library reads in a process of its own, `HDF5Process`, and what is taken is copied to a temporary file of bare
/// numbers.
enum HDF5Format: VolumeFileFormat {
    static let name = "HDF5 (.h5, .ims)"
    static let word = "hdf5"
    static let hasDatasets = true
    static let takesAxes = true

    private static let magic: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

    /// Something of the user's may stand in front, as in MATLAB's files: of 512 bytes, 1024, 2048 and so on.
    static func recognises(_ start: [UInt8]) -> Bool {
        ([0] + (9..<16).map { 1 << $0 }).contains { start.dropFirst($0).starts(with: magic) }
    }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        guard !file.isGzipped else {
            throw .unsupported("the HDF5 file is gzipped as a whole; send it without gzip around it")
        }
        let process = HDF5Process(file: file.file, scratch: file.scratch)
        let selection = try HDF5Selection(of: process.listing(), hints)
        let (channels, extent) = (selection.channels, selection.extent)
        let bytes = try VolumeHeader.checkedBytes(
            channels: channels, z: extent.z, y: extent.y, x: extent.x, element: selection.element)
        guard bytes <= file.limit else {
            throw .tooLarge("the HDF5 file's voxels have \(bytes) bytes; at most \(file.limit) are allowed")
        }
        if let room = FreeSpace.bytes(at: file.scratch), room < bytes {
            throw .full("the HDF5 file's voxels have \(bytes) bytes; the disk has less free space")
        }
        var header = try VolumeHeader(
            channels: channels, extent: extent, element: selection.element, spacing: selection.spacing, hints: hints)
        header.part = selection.part
        header.take(selection.looks)
        return StridedVolume(
            header: header, file: try process.voxels(of: selection, bytes: bytes),
            layout: FileLayout(offset: 0, stored: selection.element, bigEndian: false, strides: selection.strides))
    }
}
