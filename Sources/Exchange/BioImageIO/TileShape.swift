internal import Network
internal import Volumes

/// The tiles that programs should cut an image into for a network.
struct TileShape {
    /// The voxels on each side of a tile of which the results are not used; whole steps.
    let halo: Extent
    /// The smallest tile; larger ones are whole steps larger, so that voxels are pooled together in every tiling.
    let smallest: Extent
    let step: Extent

    /// Beyond this, more context changes little: the reach of a network of three levels is 23.
    private static let largestHalo = 24

    init(_ graph: NetworkGraph) {
        let (multiple, reach) = (graph.multiple, graph.halo)
        step = Extent(z: multiple.z, y: multiple.y, x: multiple.x)
        let sides = Extent(z: reach.z, y: reach.y, x: reach.x)
        var (halo, smallest) = (step, step)
        for axis in Axis.allCases {
            let count = step[axis]
            halo[axis] = (min(sides[axis], Self.largestHalo) + count - 1) / count * count
            // At least 16 voxels are left where some are thrown away.
            smallest[axis] = halo[axis] == 0 ? count : (2 * halo[axis] + 15) / count * count + count
        }
        self.halo = halo
        self.smallest = smallest
    }
}
