internal import Volumes

/// A recently used source of voxels, with the bricks it caches.
struct RecentSource: Sendable {
    let grid: VoxelGridID
    let source: BrickSource
}
