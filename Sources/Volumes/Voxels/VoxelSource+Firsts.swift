extension VoxelSource {
    /// One channel of a box of a coarser level as it is stored, each voxel the first of those that it stands for.
    ///
    /// `factor` says how many these are along each axis, at the far borders at most; the box lies inside of the level.
    package func firsts(_ box: Box, factor: Extent, channel: Int = 0) throws -> [UInt8] {
        guard factor != Extent(z: 1, y: 1, x: 1) else { return try raw(box, channel: channel) }
        let size = header.element.size
        var voxels: [UInt8] = []
        voxels.reserveCapacity(box.extent.voxels * size)
        for z in box.range(.z) {
            for y in box.range(.y) {
                let row = Box(
                    origin: Voxel(z: z * factor.z, y: y * factor.y, x: box.origin.x * factor.x),
                    extent: Extent(z: 1, y: 1, x: (box.extent.x - 1) * factor.x + 1))
                let values = try raw(row, channel: channel)
                for x in 0..<box.extent.x {
                    voxels += values[x * factor.x * size..<(x * factor.x + 1) * size]
                }
            }
        }
        return voxels
    }
}
