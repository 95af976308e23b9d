internal import Volumes

/// The revisions of one call, and for each the voxels that differ from a crossing slice that is not among them, or that is
/// restored before it.
struct CountedRevisions: Sendable {
    let revisions: [PackedRevision]
    let conflicts: [Int]
}

extension PackedRevision {
    /// Ranges of slices that are compared together, of so many bytes at most or a single one.
    static func parts(of positions: [SlicePosition], in extent: Extent, most: Int) -> [Range<Int>] {
        let size = max(most / max(positions.map { $0.voxels(in: extent) }.max() ?? 1, 1), 1)
        return stride(from: 0, to: positions.count, by: size).map { $0..<min($0 + size, positions.count) }
    }
}
