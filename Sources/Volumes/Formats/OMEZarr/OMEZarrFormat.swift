internal import Foundation

/// OME-Zarr 0.4 (on Zarr's format 2) and 0.5 (on format 3), zipped or in a folder: an image in its finest resolution, or
/// what the sender names.
///
/// Chunks are unpacked once, to a temporary file.
enum OMEZarrFormat: ArchivedFileFormat {
    static let name = "OME-Zarr (.zip)"
    static let word = "ome.zarr"
    static let hasDatasets = true
    static let takesAxes = true
    static let hasLevels = true

    static func recognises(_ archive: ZipArchive) -> Bool { ZipZarrStore.isZarr(archive) }

    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource {
        let store = try ZipZarrStore(ZipArchive(file))
        return try open(store, hints: hints, scratch: file.scratch, limit: file.limit)
    }

    static func open(
        _ store: any ZarrStore, hints: VolumeHints, scratch: URL, limit: Int
    ) throws(VolumeError) -> any VoxelSource {
        let choice = try OMEZarrChoice(of: store, hints)
        let image = try OMEZarrImage(choice, store, hints)
        let selection = image.selection
        try selection.check(limit: limit)
        let (extent, element) = (selection.extent, selection.array.type.element)
        let bytes = try VolumeHeader.checkedBytes(
            channels: selection.channels, z: extent.z, y: extent.y, x: extent.x, element: element)
        guard bytes <= limit else {
            throw .tooLarge("the OME-Zarr's voxels have \(bytes) bytes; at most \(limit) are allowed")
        }
        if let room = FreeSpace.bytes(at: scratch), room < bytes {
            throw .full("the OME-Zarr's voxels have \(bytes) bytes; the disk has less free space")
        }
        var header = try VolumeHeader(
            channels: selection.channels, extent: extent, element: element, spacing: image.spacing, hints: hints)
        header.part = image.part
        header.take(image.looks)
        var reader = try ZarrChunkReader(selection, scratch: scratch)
        let volume = try reader.volume(header, in: store)
        guard hints.areLabels, !image.segments.isEmpty, selection.channels == 1, !element.isFloatingPoint else {
            return volume
        }
        return SegmentedVolume(volume, named: image.segments)
    }
}

/// The array that was chosen of an OME-Zarr, with what its attributes say.
struct OMEZarrImage {
    let selection: ZarrSelection
    /// `nil` if the store does not say it.
    let spacing: Spacing?
    let part: FilePart
    /// The names of labels' values.
    let segments: [LabelSegment]
    let looks: [ChannelLook]

    init(_ choice: OMEZarrChoice, _ store: any ZarrStore, _ hints: VolumeHints) throws(VolumeError) {
        switch choice {
        case .array(let array):
            guard hints.level ?? 0 == 0 else {
                throw .unsupported("level=\(hints.level ?? 0): the array \(ZarrPath.shown(array.path)) has no levels")
            }
            let axes = try ZarrAxes.letters(of: array, hints.axes)
            var part = FilePart(dataset: array.path.isEmpty ? nil : array.path)
            selection = try ZarrAxes.selection(of: array, axes, hints, &part)
            (self.part, spacing, segments, looks) = (part, nil, [], [])
        case .image(let image):
            let number = hints.level ?? 0
            guard image.levels.indices.contains(number) else {
                throw .unsupported(
                    "level=\(number): the image \(ZarrPath.shown(image.path)) of the OME-Zarr has the levels 0 to "
                        + "\(image.levels.count - 1), the finest first")
            }
            let level = image.levels[number]
            guard case .array(let array)? = try store.node(at: level.path) else {
                throw .malformed(
                    "the image \(ZarrPath.shown(image.path)) of the OME-Zarr names the array \(ZarrPath.shown(level.path)), "
                        + "which is not there")
            }
            let axes = try ZarrAxes.letters(of: array, image.axes.map(\.name), hints.axes)
            var part = FilePart(dataset: image.path.isEmpty ? nil : image.path)
            if image.levels.count > 1 { part.level = number }
            if image.count > 1 {
                part.remarks.append(
                    "The group \(ZarrPath.shown(image.path)) has \(image.count) images (multiscales), and the first was "
                        + "taken; another one takes a file of its own.")
            }
            selection = try ZarrAxes.selection(of: array, axes, hints, &part)
            // What is said instead of a file's spacing may be said because that is wrong.
            if hints.spacing == nil {
                spacing = try image.spacing(of: level, axes)
            } else {
                spacing = try? image.spacing(of: level, axes)
            }
            (self.part, segments, looks) = (part, image.segments, image.looks)
        }
    }
}
