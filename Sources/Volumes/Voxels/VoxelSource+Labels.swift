extension VoxelSource {
    /// The labels of a box of a `uint8` source, x fastest; 255 (unlabeled) outside of the volume.
    package func labels(_ box: Box) throws -> [UInt8] {
        guard header.element == .uint8, header.channels == 1 else {
            throw VolumeError.unsupported(
                "labels are uint8 with one channel, not \(header.element.rawValue) with \(header.channels)")
        }
        let shared = box.intersection(Box(extent: header.extent))
        guard shared != box else { return try raw(box) }
        var labels = [UInt8](repeating: AnnotatedSlice.unlabeled, count: box.extent.voxels)
        guard !shared.isEmpty else { return labels }
        let inner = try raw(shared)
        inner.withUnsafeBytes { source in
            labels.withUnsafeMutableBytes { VoxelCopy.copy(source, of: shared, to: $0, of: box, size: 1) }
        }
        return labels
    }

    /// The labels of one plane, rows × columns as `Extent.slice(on:)` gives them.
    package func labels(slice position: SlicePosition) throws -> [UInt8] {
        try labels(Box(slice: position, of: header.extent))
    }

    /// One plane as an annotated slice.
    package func slice(at position: SlicePosition) throws -> AnnotatedSlice {
        AnnotatedSlice(at: position, values: try labels(slice: position))
    }
}
