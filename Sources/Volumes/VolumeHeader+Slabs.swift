extension VolumeHeader {
    /// The volume in boxes of at most `bytes` bytes, which hold its voxels in their order.
    ///
    /// A box is so many whole planes as fit, but no more than a row of bricks has; of larger planes it is some whole
    /// rows of one, of larger rows a part of one.
    package func slabs(bytes: Int = 64 << 20) -> [Box] {
        let most = max(bytes / element.size, 1)
        let x = max(min(extent.x, most), 1)
        let y = max(min(extent.y, most / x), 1)
        let size = Extent(z: max(min(extent.z, most / (x * y), 64), 1), y: y, x: x)
        let whole = Box(extent: extent)
        return stride(from: 0, to: extent.z, by: size.z).flatMap { z in
            stride(from: 0, to: extent.y, by: size.y).flatMap { y in
                stride(from: 0, to: extent.x, by: size.x).map { x in
                    Box(origin: Voxel(z: z, y: y, x: x), extent: size).intersection(whole)
                }
            }
        }
    }
}
