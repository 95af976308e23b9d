internal import Synchronization

/// Voxels put together from stored bricks, the last used of which stay unpacked in memory.
package final class BrickSource: VoxelSource {
    package let header: VolumeHeader
    package let grid: BrickGrid
    private let fill: UInt8
    private let load: @Sendable (_ channel: Int, BrickIndex) throws -> [UInt8]?
    private let cache: Mutex<BrickCache>

    /// `load` gives a brick as `BrickCodec` packed it, or `nil` for one that holds nothing but bytes of the value `fill`.
    ///
    /// It is called from any thread, several at once.
    package init(
        header: VolumeHeader, grid: BrickGrid, fill: UInt8 = 0, cacheBytes: Int = 64 << 20,
        load: @escaping @Sendable (_ channel: Int, BrickIndex) throws -> [UInt8]?
    ) {
        self.header = header
        self.grid = grid
        self.fill = fill
        self.load = load
        cache = Mutex(BrickCache(limit: cacheBytes))
    }

    package func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        for index in grid.bricks(touching: box) {
            let place = grid.box(of: index)
            let brick = try brick(channel, index, voxels: place.extent.voxels)
            brick.withUnsafeBytes {
                VoxelCopy.copy($0, of: place, to: bytes, of: box, size: header.element.size)
            }
        }
    }

    private func brick(_ channel: Int, _ index: BrickIndex, voxels: Int) throws -> [UInt8] {
        let key = BrickCache.Key(channel: channel, brick: index)
        if let known = cache.withLock({ $0.value(of: key) }) { return known }
        let brick =
            if let packed = try load(channel, index) {
                try BrickCodec.decode(packed, element: header.element, voxels: voxels)
            } else {
                [UInt8](repeating: fill, count: voxels * header.element.size)
            }
        cache.withLock { $0.insert(brick, for: key) }
        return brick
    }
}
