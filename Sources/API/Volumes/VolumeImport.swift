internal import Foundation
internal import HTTP
internal import Store
internal import Volumes

/// Imports an uploaded image into the store; blocks, so it must run on a thread that may.
struct VolumeImport: Sendable {
    let store: Store
    let scratch: URL
    /// Bytes of voxels.
    let limit: Int
    /// Bytes of the files of a folder that is fetched.
    var fileLimit = Int.max

    /// The outcome of an import.
    struct Image: Sendable {
        var grid: VoxelGridID
        var statistics: [ChannelStatistics]
        var sha256: String
        /// The size of what was read.
        var bytes: Int
    }

    /// Reads an image; `nil` if `known` already holds the same content.
    ///
    /// A file that differs from `known` is refused with 409 before any voxel is stored, unless `replace`.
    func image(_ file: ImageFile, hints: VolumeHints, known: VolumeRecord?, replace: Bool) throws -> Image? {
        let opened = try open(file, hints)
        let header = Self.header(of: opened.source, hints)
        if let known, try isSame(known, header, opened.sha256, replace: replace) { return nil }
        let statistics = try ChannelStatistics.measure(opened.source)
        let writer = try store.makeGrid(header: header)
        try writer.write(opened.source)
        return Image(
            grid: try writer.finish(), statistics: statistics, sha256: opened.sha256, bytes: opened.bytes)
    }

    /// Reads an image as an upload would, of which nothing is stored.
    func reading(
        _ file: ImageFile, hints: VolumeHints, known: VolumeRecord?, replace: Bool
    ) throws -> VolumeReading {
        let format = try file.format()
        let opened = try open(file, hints)
        let header = Self.header(of: opened.source, hints)
        if let known { _ = try isSame(known, header, opened.sha256, replace: replace) }
        return VolumeReading(
            format: format, header: header, statistics: try ChannelStatistics.measure(opened.source),
            sha256: opened.sha256, bytes: opened.bytes)
    }

    private func open(_ file: ImageFile, _ hints: VolumeHints) throws -> OpenedImage {
        try file.open(hints, scratch: folder(), limits: (files: fileLimit, voxels: limit))
    }

    /// What is stored of a file: its header, and how it was read, since a cube's is the same in any order of axes.
    private static func header(of source: any VoxelSource, _ hints: VolumeHints) -> VolumeHeader {
        var header = source.header
        header.axes = hints.axes
        return header
    }

    /// Whether a volume is what the file says; throws a conflict if it is not, unless `replace`.
    private func isSame(
        _ known: VolumeRecord, _ header: VolumeHeader, _ sha256: String, replace: Bool
    ) throws(HTTPError) -> Bool {
        if known.sha256 == sha256, known.header.isSame(as: header) { return true }
        guard replace else {
            let other =
                known.sha256 == sha256
                ? "the same file, read with another spacing, unit, dataset or order of axes"
                : "other content (SHA-256 \(known.sha256.prefix(12))…, this is \(sha256.prefix(12))…)"
            throw .conflict(
                "the volume \(known.name) exists with \(other); add ?replace=true to replace it, or choose another "
                    + "name",
                field: "replace")
        }
        return false
    }

    /// Opens a label volume on a volume's grid, as class indices.
    ///
    /// A file that stores the same places in another order of voxels is read in the volume's order, one that is a part
    /// of the grid by its place is laid there. A value that is not a class is refused.
    func labels(
        _ file: UploadedFile, hints: VolumeHints, of volume: VolumeRecord, _ mapping: ClassMapping
    ) throws -> UploadedLabels {
        let wanted = volume.header.extent
        var hints = hints
        hints.areLabels = true
        let size = "the volume \(volume.name) is \(wanted.z)×\(wanted.y)×\(wanted.x) (z×y×x)"
        do {
            // The limit allows for the widest type: a file that can't fit is refused before it is decompressed.
            let most = min(limit, wanted.voxels * ElementType.float64.size)
            let stored = try openVolume(at: file.url, hints: hints, scratch: folder(), limit: most)
            let file = try LabelVolume(stored)
            guard let placed = try file.source.placed(on: volume.header, ignoringPlace: hints.ignoresPlace) else {
                let found = stored.header.extent
                throw HTTPError.invalid(
                    "\(size); the labels are \(found.z)×\(found.y)×\(found.x)"
                        + Self.hint(stored.header, of: volume.header, hints), field: "body")
            }
            // Numbers are counted as classes.
            let found = file.kind == .numbers ? nil : try file.distinctValues()
            return try mapping.labels(of: placed, file.kind, found, scratch: folder())
        } catch VolumeError.tooLarge(let detail) {
            throw HTTPError(413, "\(detail); \(size)")
        }
    }

    /// Why labels of another size are no part of their volume.
    private static func hint(_ file: VolumeHeader, of volume: VolumeHeader, _ hints: VolumeHints) -> String {
        if hints.ignoresPlace { return "; without ignore-place a part of the volume is laid where its file says" }
        guard file.isPlaced else { return "" }
        return "; a file of another size must be a part of the volume's grid, voxel on voxel: the file has its "
            + "\(file.placeText); the volume has its \(volume.placeText)"
    }

    private func folder() throws -> URL {
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        return scratch
    }
}
