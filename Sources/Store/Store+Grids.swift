package import Volumes

extension Store {
    /// Starts storing voxels; from any thread. Voxels never written read as bytes of the value `fill`: 255 for labels.
    package func makeGrid(header: VolumeHeader, fill: UInt8 = 0) throws -> GridWriter { throw StoreError.failed("unfinished") }

    /// The voxels of a finished grid, read from any thread; reading throws `notFound` once the grid is gone.
    ///
    /// `cacheBytes` is the most that is kept decoded; `nil` is the store's default.
    package func source(grid: GridID, cacheBytes: Int? = nil) throws -> any VoxelSource {
        throw StoreError.failed("unfinished")
    }

    /// Voxels by value of a finished grid of one uint8 channel, zeros left out.
    package func counts(grid: GridID) throws -> [Int: Int] { throw StoreError.failed("unfinished") }

    /// Removes a finished grid that no volume or prediction took.
    package func discard(grid: GridID) async throws { throw StoreError.failed("unfinished") }
}
