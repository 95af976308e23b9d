/// Copies the voxels that two boxes share from the memory of one to that of the other; both are x fastest.
package enum VoxelCopy {
    /// `size` is in bytes per voxel; each buffer must hold its whole box.
    package static func copy(
        _ source: UnsafeRawBufferPointer, of sourceBox: Box, to target: UnsafeMutableRawBufferPointer,
        of targetBox: Box, size: Int
    ) {
        let shared = sourceBox.intersection(targetBox)
        guard !shared.isEmpty else { return }
        let row = shared.extent.x * size
        for z in shared.range(.z) {
            for y in shared.range(.y) {
                let from = offset(z, y, shared.origin.x, in: sourceBox) * size
                let to = offset(z, y, shared.origin.x, in: targetBox) * size
                UnsafeMutableRawBufferPointer(rebasing: target[to..<to + row])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + row]))
            }
        }
    }

    private static func offset(_ z: Int, _ y: Int, _ x: Int, in box: Box) -> Int {
        ((z - box.origin.z) * box.extent.y + y - box.origin.y) * box.extent.x + x - box.origin.x
    }
}
