/// A volume divided into cubes, the unit in which voxels are stored; cubes at the far borders are smaller.
package struct BrickGrid: Hashable, Sendable {
    package let extent: Extent
    /// Voxels along each side of a whole brick.
    package let edge: Int

    package init(extent: Extent, edge: Int = 64) {
        self.extent = extent
        self.edge = max(edge, 1)
    }

    /// How many bricks there are along each axis.
    package var counts: Extent {
        Extent(z: bricks(along: .z), y: bricks(along: .y), x: bricks(along: .x))
    }

    /// Every brick, x fastest.
    package var bricks: [BrickIndex] { bricks(touching: Box(extent: extent)) }

    /// The voxels of a brick; empty if it is outside of the grid.
    package func box(of brick: BrickIndex) -> Box {
        let whole = Box(
            origin: Voxel(z: brick.z * edge, y: brick.y * edge, x: brick.x * edge),
            extent: Extent(z: edge, y: edge, x: edge))
        return whole.intersection(Box(extent: extent))
    }

    /// The bricks that share voxels with a box, x fastest.
    package func bricks(touching box: Box) -> [BrickIndex] {
        let shared = box.intersection(Box(extent: extent))
        guard !shared.isEmpty else { return [] }
        let (zs, ys, xs) = (span(.z, of: shared), span(.y, of: shared), span(.x, of: shared))
        return zs.flatMap { z in ys.flatMap { y in xs.map { x in BrickIndex(z: z, y: y, x: x) } } }
    }

    private func bricks(along axis: Axis) -> Int { (extent[axis] + edge - 1) / edge }

    private func span(_ axis: Axis, of box: Box) -> ClosedRange<Int> {
        box.origin[axis] / edge...(box.origin[axis] + box.extent[axis] - 1) / edge
    }
}
