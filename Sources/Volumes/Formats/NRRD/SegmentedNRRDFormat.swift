/// The NRRD files of labels that 3D Slicer loads as segmentations (`.seg.nrrd`): class names and colours in the header, and
/// numbers one more than the class, as 0 is no segment.
enum SegmentedNRRDFormat: WritableFileFormat {
    static let format = VolumeFormat.segmentation
    static let name = NRRDFormat.name

    static func recognises(_ start: [UInt8]) -> Bool { NRRDFormat.recognises(start) }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        try NRRDFormat.open(file, hints: hints)
    }

    static func head(for header: VolumeHeader) throws(VolumeError) -> [UInt8] { try head(for: header, look: nil) }

    static func head(for header: VolumeHeader, look: VolumeLook?) throws(VolumeError) -> [UInt8] {
        guard let look, !look.names.isEmpty, header.channels == 1, header.element == .uint8 else {
            throw .unsupported("seg.nrrd is a format of labels with the names of their classes; choose nrrd for this")
        }
        return NRRDFormat.head(for: header, pairs: NRRDSegment.lines(for: look, header.extent))
    }

    static func written(_ source: any VoxelSource) -> any VoxelSource { SegmentNumbers(labels: source) }
}

/// Labels as numbers of segments: 1 for the first class, 0 for unlabeled.
private struct SegmentNumbers: VoxelSource {
    let labels: any VoxelSource

    var header: VolumeHeader { labels.header }
    var order: [Axis] { labels.order }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        try labels.read(box, channel: channel, into: bytes)
        // Of unlabeled, 255, one more is 0.
        for index in bytes.indices { bytes[index] &+= 1 }
    }
}
