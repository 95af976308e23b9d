package import Volumes

extension Store {
    /// Gives a project a volume with the voxels of a finished grid.
    ///
    /// Takes the grid over: if it isn't needed (`same`) or the call throws, the grid is removed. The same `sha256` and
    /// header again is `same`; others are a conflict unless `replace`, which keeps the annotations and the truth,
    /// removes the predictions, and is a conflict if there are annotations or a truth of another shape.
    package func putVolume(
        project: Int64, name: String, grid: GridID, statistics: [ChannelStatistics], sha256: String, bytes: Int,
        replace: Bool = false
    ) async throws -> (volume: VolumeRecord, change: VolumeChange) { throw StoreError.failed("unfinished") }

    /// By name.
    package func volumes(project: Int64) async throws -> [VolumeRecord] { throw StoreError.failed("unfinished") }

    package func volume(project: Int64, name: String) async throws -> VolumeRecord {
        throw StoreError.failed("unfinished")
    }

    package func volume(id: Int64) async throws -> VolumeRecord { throw StoreError.failed("unfinished") }

    /// Removes a volume with its annotations, truth and predictions.
    package func deleteVolume(project: Int64, name: String) async throws { throw StoreError.failed("unfinished") }

    /// Sets or, with `nil`, removes the dense truth of a volume, taking over the grid as `putVolume` does.
    ///
    /// The grid has the volume's extent and one channel of uint8.
    @discardableResult
    package func setTruth(volume: Int64, grid: GridID?) async throws -> VolumeRecord {
        throw StoreError.failed("unfinished")
    }
}
