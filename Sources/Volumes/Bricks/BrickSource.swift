internal import Dispatch
internal import Synchronization

/// A volume read from stored bricks; the most recently used ones stay unpacked in memory.
package final class BrickSource: VoxelSource {
    package let header: VolumeHeader
    package let grid: BrickGrid
    private let fill: UInt8
    private let load: @Sendable (_ channel: Int, BrickIndex) throws -> [UInt8]?
    private let cache: Mutex<BrickCache>

    /// `load` returns a brick as `BrickCodec` packed it, or `nil` if all of its bytes are `fill`.
    ///
    /// It is called on any thread, also concurrently.
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
        // In a slice of a large volume unpacking is nearly all of the work. Bricks write to disjoint bytes.
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

    /// From this many bricks on, several threads are faster.
    private static let manyBricks = 32

    private func copy(
        _ index: BrickIndex, _ channel: Int, to bytes: UnsafeMutableRawBufferPointer, of box: Box
    ) throws {
        let brickBox = grid.box(of: index)
        try brick(channel, index, voxels: brickBox.extent.voxels).withUnsafeBytes {
            VoxelCopy.copy($0, of: brickBox, to: bytes, of: box, size: header.element.size)
        }
    }

    private func brick(_ channel: Int, _ index: BrickIndex, voxels: Int) throws -> [UInt8] {
        let key = BrickCache.Key(channel: channel, brick: index)
        if let cached = cache.withLock({ $0.value(of: key) }) { return cached }
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
