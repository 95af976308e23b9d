internal import Volumes

/// A source of voxels that was asked for not long ago, with the bricks it keeps.
struct RecentSource: Sendable {
    let grid: VoxelGridID
    let source: BrickSource
}
