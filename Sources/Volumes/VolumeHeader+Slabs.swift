extension VolumeHeader {
    /// The volume in boxes of whole planes from front to back, each of at most `bytes` bytes (but one plane at
    /// least) and, where several fit, of as many planes as a row of bricks has.
    func slabs(bytes: Int = 64 << 20) -> [Box] {
        let plane = max(extent.y * extent.x * element.size, 1)
        let planes = min(max(bytes / plane, 1), 64)
        return stride(from: 0, to: extent.z, by: planes).map { z in
            Box(
                origin: Voxel(z: z, y: 0, x: 0),
                extent: Extent(z: min(planes, extent.z - z), y: extent.y, x: extent.x))
        }
    }
}
