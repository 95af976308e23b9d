package import Volumes

/// Stores the voxels of one image little by little; nobody sees them before `finish()`.
///
/// Calls come from any thread, one at a time. A writer released without `finish()` leaves nothing behind.
package final class GridWriter: Sendable {
    package let header: VolumeHeader
    package let grid: BrickGrid

    init(header: VolumeHeader, grid: BrickGrid) {
        self.header = header
        self.grid = grid
    }

    /// Stores a whole brick: `grid.box(of: brick)`, x fastest, in the header's element type.
    package func write(channel: Int, _ brick: BrickIndex, _ bytes: UnsafeRawBufferPointer) throws {
        throw StoreError.failed("unfinished")
    }

    /// Stores any box inside the volume, x fastest; boxes need not keep to bricks and may overlap, the last one wins.
    package func write(box: Box, channel: Int, _ bytes: UnsafeRawBufferPointer) throws {
        throw StoreError.failed("unfinished")
    }

    /// The same for voxels of any number type, whose size must be that of the header's element type.
    package func write<Value: BitwiseCopyable>(box: Box, channel: Int, values: [Value]) throws {
        throw StoreError.failed("unfinished")
    }

    /// Stores every voxel of a source with the same channels, extent and element type, a row of bricks at a time.
    package func write(_ source: any VoxelSource) throws { throw StoreError.failed("unfinished") }

    /// Makes the grid readable and durable. Until a volume or prediction takes it, it lasts as long as the process.
    package func finish() throws -> GridID { throw StoreError.failed("unfinished") }
}
