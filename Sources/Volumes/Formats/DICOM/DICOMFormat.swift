internal import Foundation

/// DICOM: a zip archive of a series' files, or a single file with one frame or more.
///
/// GDCM reads in a process of its own, `DICOMProcess`, and the slices are copied to a temporary file of bare numbers.
enum DICOMFormat: ArchivedFileFormat {
    static let name = "DICOM (.dcm, or a .zip of a series)"
    static let word = "dicom"
    static let hasDatasets = true

    /// What each file may have in front of its voxels in the archive, besides them.
    private static let longestHead = 64 << 20

    static func recognises(_ start: [UInt8]) -> Bool { isMarked(start) }

    static func recognises(_ archive: ZipArchive) throws(VolumeError) -> Bool {
        for entry in archive.entries where mayBeImage(entry) {
            if isCandidate(try archive.start(of: entry, upTo: 132)) { return true }
        }
        return false
    }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        guard !hints.areLabels else {
            throw .unsupported(
                "labels are not taken from DICOM: 3D Slicer saves segmentations (SEG, RTSTRUCT) as .seg.nrrd, and dcmqi's "
                    + "segimage2itkimage as NIfTI")
        }
        guard !file.isGzipped else {
            throw .unsupported("the DICOM file is gzipped as a whole; send it without gzip around it")
        }
        let process = try process(of: file)
        let stack = try DICOMStack(DICOMSeries(of: process.listing(), hints))
        let (extent, channels) = (stack.extent, stack.channels)
        let bytes = try VolumeHeader.checkedBytes(
            channels: channels, z: extent.z, y: extent.y, x: extent.x, element: stack.element)
        guard bytes <= file.limit else {
            throw .tooLarge("the DICOM series' voxels have \(bytes) bytes; at most \(file.limit) are allowed")
        }
        try checkRoom(bytes, file)
        var header = try VolumeHeader(
            channels: channels, extent: extent, element: stack.element, spacing: stack.spacing,
            orientation: stack.orientation, hints: hints)
        // Of the tags nothing is kept but what the sender has said, which tells one series of the file from another.
        if hints.dataset != nil || !stack.remarks.isEmpty {
            header.part = FilePart(dataset: hints.dataset, remarks: stack.remarks)
        }
        return StridedVolume(
            header: header, file: try process.voxels(of: stack, bytes: bytes),
            layout: FileLayout(
                offset: 0, stored: stack.element, bigEndian: false,
                strides: channels == 1 ? .plain(extent) : .samples(channels, extent)))
    }

    private static func process(of file: PackedFile) throws(VolumeError) -> DICOMProcess {
        guard ZipArchive.recognises(file.start) else {
            return DICOMProcess(
                file: file.file, pieces: [DICOMProcess.Piece(offset: 0, size: file.file.size)], scratch: file.scratch)
        }
        return try unpacked(ZipArchive(file), file)
    }

    /// The archive's files one after another.
    private static func unpacked(_ archive: ZipArchive, _ file: PackedFile) throws(VolumeError) -> DICOMProcess {
        let target = try ScratchFile(in: file.scratch)
        let limit = file.limit.addingReportingOverflow(min(file.limit, longestHead))
        let room = limit.overflow ? Int.max : limit.partialValue
        var pieces: [DICOMProcess.Piece] = []
        var offset = 0
        for entry in archive.entries where mayBeImage(entry) {
            guard isCandidate(try archive.start(of: entry, upTo: 132)) else { continue }
            guard entry.size <= room - offset else {
                throw .tooLarge(
                    "the archive's DICOM files have more than \(room) bytes, the most that is unpacked; send one series at "
                        + "a time")
            }
            try checkRoom(entry.size, file)
            try archive.copy(entry, to: target)
            pieces.append(DICOMProcess.Piece(offset: offset, size: entry.size))
            offset += entry.size
        }
        return DICOMProcess(file: try target.reopen(), pieces: pieces, scratch: file.scratch)
    }

    private static func checkRoom(_ bytes: Int, _ file: PackedFile) throws(VolumeError) {
        if let room = FreeSpace.bytes(at: file.scratch), room < bytes {
            throw .full("the DICOM files unpack to \(bytes) bytes more; the disk has less free space")
        }
    }

    private static func isMarked(_ start: [UInt8]) -> Bool { start.dropFirst(128).starts(with: Array("DICM".utf8)) }

    /// Whether a file is DICOM by its mark, or begins as one without may: with an element of group 8, little-endian.
    private static func isCandidate(_ start: [UInt8]) -> Bool {
        isMarked(start) || (start.count == 132 && start.starts(with: [0x08, 0x00]) && start[3] == 0)
    }

    /// What other programs put into archives is none.
    private static func mayBeImage(_ entry: ZipArchive.Entry) -> Bool {
        let parts = entry.name.split(separator: "/")
        return entry.size >= 132 && parts.first != "__MACOSX" && parts.last != "DICOMDIR"
            && parts.last?.hasPrefix("._") != true
    }
}
