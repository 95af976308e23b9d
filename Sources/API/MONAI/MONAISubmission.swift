internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// A label file from a client of MONAI Label on the grid of its image.
struct MONAISubmission: Sendable {
    /// Class indices, 255 where the file says nothing.
    let source: any VoxelSource
    /// The axis and number of the slices that were taken as annotated whole, if some were.
    let slices: (axis: Axis, count: Int)?
    /// Voxels by label.
    let counts: [Int: Int]
    /// Why it may not be what was meant.
    let doubt: HTTPError?

    /// Blocks, so it must run on a thread that may.
    init(
        _ file: UploadedFile, _ parameters: JSONValue, of volume: VolumeRecord, _ known: MONAILabels, scratch: URL
    ) throws {
        let header = volume.header
        var hints = VolumeHints()
        hints.areLabels = true
        // Enough for the widest type.
        let most = header.extent.voxels * ElementType.float64.size
        let labels = try LabelVolume(openVolume(at: file.url, hints: hints, scratch: scratch, limit: most))
        let segments = try Self.segments(of: labels, in: file, parameters, known)
        guard let placed = try Self.placed(labels.source, on: volume) else {
            throw HTTPError.invalid(
                "the image \(volume.name) is \(Self.text(header.extent)); the label file is "
                    + "\(Self.text(labels.source.header.extent)) and no part of its grid: export the segments in the "
                    + "geometry of the image", field: "label")
        }
        doubt = segments.doubt
        let painted = try placed.labels(segments.mapping, scratch: scratch)
        switch segments.ground {
        case .unlabeled:
            source = GroundedLabels(painted, ground: nil)
            slices = nil
        case .labelled(let label):
            source = GroundedLabels(painted, ground: label)
            slices = nil
        case .aroundSegments(let label):
            let annotated = try SegmentSlices(in: painted)
            source = GroundedLabels(painted, ground: label, in: annotated)
            slices = (annotated.axis, annotated.planes.count { $0 })
        }
        counts = try source.labelCounts()
        guard counts.keys.contains(where: { $0 != Int(AnnotatedSlice.unlabeled) }) else {
            throw segments.doubt
                ?? HTTPError.invalid("the label file says nothing: no voxel of it is in a segment", field: "label")
        }
    }

    private static func placed(_ labels: any VoxelSource, on volume: VolumeRecord) throws -> PlacedVolume? {
        do {
            return try labels.placed(on: volume.header)
        } catch {
            guard case .misplaced = error else { throw error }
            throw HTTPError.conflict(
                "\(error); export the segments in the geometry of the image \(volume.name)", field: "label")
        }
    }

    /// What the values of a file mean: by its own names if it is a segmentation of 3D Slicer, else by `label_info`.
    private static func segments(
        of labels: LabelVolume, in file: UploadedFile, _ parameters: JSONValue, _ known: MONAILabels
    ) throws -> MONAISegments {
        let found = try labels.distinctValues()
        switch (labels.kind, found) {
        case (.segments(let named), let found?): return try MONAISegments(named, known, found: found)
        case (.numbers, let found?):
            try refuseOldSegmentation(file)
            return try MONAISegments(parameters, known, found: found)
        default:
            throw HTTPError.invalid(
                "the label file has colours or very many values; a label map has a few whole numbers", field: "label")
        }
    }

    /// Throws for a segmentation that gives its segments no numbers, so that names can't be told of voxels.
    private static func refuseOldSegmentation(_ file: UploadedFile) throws {
        let start = try FileHandle(forReadingFrom: file.url)
        defer { try? start.close() }
        let bytes = try start.read(upToCount: 65_536) ?? Data()
        guard bytes.starts(with: Data("NRRD".utf8)), bytes.range(of: Data("\nSegment0_".utf8)) != nil else { return }
        throw HTTPError(
            415,
            "the label file is a segmentation (.seg.nrrd) that gives its segments no numbers, as old versions of 3D Slicer "
                + "saved it; choose .nii.gz as the file extension in the settings of the module MONAI Label",
            field: "label")
    }

    private static func text(_ extent: Extent) -> String { "\(extent.z)×\(extent.y)×\(extent.x) (z×y×x)" }
}
