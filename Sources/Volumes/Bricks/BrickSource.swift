internal import Dispatch
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
        let bricks = grid.bricks(touching: box)
        guard bricks.count >= Self.manyBricks else {
            for index in bricks { try copy(index, channel, to: bytes, of: box) }
            return
        }
        // A slice through a large volume: unpacking is nearly all of the work, and bricks are disjoint.
        nonisolated(unsafe) let target = bytes
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: bricks.count / (Self.manyBricks / 2)) { part in
            let parts = bricks.count / (Self.manyBricks / 2)
            for index in bricks[bricks.count * part / parts..<bricks.count * (part + 1) / parts] {
                do { try copy(index, channel, to: target, of: box) } catch { return failure.withLock { $0 = error } }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    /// So many are worth several threads.
    private static let manyBricks = 32

    private func copy(
        _ index: BrickIndex, _ channel: Int, to bytes: UnsafeMutableRawBufferPointer, of box: Box
    ) throws {
        let place = grid.box(of: index)
        try brick(channel, index, voxels: place.extent.voxels).withUnsafeBytes {
            VoxelCopy.copy($0, of: place, to: bytes, of: box, size: header.element.size)
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
