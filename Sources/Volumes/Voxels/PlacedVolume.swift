package import Foundation

/// The voxels of a label file in the order of the volume that they belong to, and where in it they lie.
package struct PlacedVolume: Sendable {
    package let source: any VoxelSource
    /// Its voxels on the grid of the volume.
    package let part: Box
    private let grid: VolumeHeader

    init(_ source: any VoxelSource, at origin: Voxel, of grid: VolumeHeader) {
        self.source = source
        part = Box(origin: origin, extent: source.header.extent)
        self.grid = grid
    }

    /// How many voxels the volume has that the file doesn't.
    package var outside: Int { grid.extent.voxels - part.extent.voxels }

    /// The labels on the whole grid, 255 (unlabeled) outside of the file.
    ///
    /// A file in another order of axes is read once, by way of a file in `scratch`.
    package func labels(_ mapping: LabelMapping, scratch: URL) throws -> any VoxelSource {
        let labels = try MappedLabels(source, mapping: mapping, at: part.origin).inReadingOrder(scratch: scratch)
        return outside == 0 ? labels : PartlyLabeled(labels, part, of: grid)
    }
}

/// Labels of a part of a volume, unlabeled elsewhere.
private struct PartlyLabeled: VoxelSource {
    let header: VolumeHeader
    private let labels: any VoxelSource
    private let part: Box

    init(_ labels: any VoxelSource, _ part: Box, of grid: VolumeHeader) {
        self.labels = labels
        self.part = part
        header = grid.with(element: .uint8)
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        _ = bytes.initializeMemory(as: UInt8.self, repeating: AnnotatedSlice.unlabeled)
        let shared = box.intersection(part)
        guard !shared.isEmpty else { return }
        var inner = shared
        for axis in Axis.allCases { inner.origin[axis] -= part.origin[axis] }
        let values = try labels.raw(inner)
        values.withUnsafeBytes { VoxelCopy.copy($0, of: shared, to: bytes, of: box, size: 1) }
    }
}

extension VolumeHeader {
    /// A part of the volume, at its place.
    func part(_ box: Box) -> VolumeHeader {
        guard box != Box(extent: extent) else { return self }
        var header = self
        header.extent = box.extent
        guard var affine = orientation?.affine, affine.count == 16 else { return header }
        let first = place.position(of: box.origin)
        for row in 0..<3 { affine[row * 4 + 3] = first[row] }
        header.orientation = isPlaced ? Orientation(affine: affine) : nil
        return header
    }
}
