internal import Network
internal import Volumes

/// Chooses the extents of patches from the extent and the spacing of the volumes.
struct PatchPlan {
    let network: NetworkGraph
    /// The extent of the largest volume.
    let extent: Extent
    /// The spacing along z, y, x; only ratios matter.
    let spacing: [Double]

    /// The extent for a `patch` of `auto`.
    func patch(_ aim: Extent, shape: SamplingSettings.Shape) -> Extent {
        guard shape == .fill else { return network.patch(aim, in: extent) }
        let isFlat = network.configuration.dimensions == 2
        let cube = Axis.allCases.map { isFlat && $0 == .z ? 0 : 1 / spacing[$0.place] }
        return network.patch(fill(cube, voxels: Double(aim.voxels)), in: extent)
    }

    /// A patch of the given thickness along an axis, with about as many voxels in total as `patch`.
    func slab(_ thickness: Int, along axis: Axis, of patch: Extent) -> Extent {
        var wanted = patch
        wanted[axis] = thickness + 2 * network.margin[axis]
        guard wanted[axis] < patch[axis] else { return patch }
        var edges = Axis.allCases.map { Double(patch[$0]) }
        edges[axis.place] = 0
        let sides = fill(edges, voxels: Double(patch.voxels) / Double(wanted[axis]))
        for other in Axis.allCases where other != axis { wanted[other] = sides[other] }
        return network.patch(wanted, in: extent)
    }

    /// The box within the volume that has the given ratios of edges and number of voxels; an edge of 0 becomes 1.
    private func fill(_ edges: [Double], voxels: Double) -> Extent {
        func box(_ factor: Double) -> [Double] {
            Axis.allCases.map { axis in
                let longest = Double(min(extent[axis], Recipe.longestPatch))
                return edges[axis.place] == 0 ? 1 : min(edges[axis.place] * factor, longest)
            }
        }
        var (low, high) = (0.0, 1e6)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if box(middle).reduce(1, *) < voxels { low = middle } else { high = middle }
        }
        let sides = box(high).map { Int($0.rounded()) }
        return Extent(z: max(sides[0], 1), y: max(sides[1], 1), x: max(sides[2], 1))
    }
}
