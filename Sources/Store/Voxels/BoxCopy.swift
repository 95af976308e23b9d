internal import Volumes

/// Copies the voxels that two boxes share from one's memory to the other's; both are x fastest.
enum BoxCopy {
    /// Copies and returns how many voxels.
    ///
    /// `size` is the bytes of a voxel; each memory holds its whole box.
    @discardableResult
    static func copy(
        _ source: UnsafeRawBufferPointer, of sourceBox: Box, to target: UnsafeMutableRawBufferPointer,
        of targetBox: Box, size: Int
    ) -> Int {
        let shared = sourceBox.intersection(targetBox)
        guard !shared.isEmpty else { return 0 }
        let row = shared.extent.x * size
        for z in shared.range(.z) {
            for y in shared.range(.y) {
                let from = offset(z, y, shared.origin.x, in: sourceBox) * size
                let to = offset(z, y, shared.origin.x, in: targetBox) * size
                UnsafeMutableRawBufferPointer(rebasing: target[to..<to + row])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + row]))
            }
        }
        return shared.extent.voxels
    }

    private static func offset(_ z: Int, _ y: Int, _ x: Int, in box: Box) -> Int {
        ((z - box.origin.z) * box.extent.y + y - box.origin.y) * box.extent.x + x - box.origin.x
    }
}
