package import Network
package import Volumes

/// How large a tile is, and how much of it only overlaps its neighbours.
package struct TilePlan: Hashable, Sendable {
    /// Memory for the activations of a tile if nobody says, in bytes.
    package static let memory = 2 << 30

    /// What the network answers for at once.
    package var output: Extent
    /// Overlap on each side.
    package var halo: Extent

    package init(output: Extent, halo: Extent) {
        self.output = output
        self.halo = halo
    }

    /// The whole volume in one piece if its activations fit the memory, else the largest cube-like tile that does.
    ///
    /// The halo is the network's receptive field, but at most a fifth of the tile; where it is less, neighbours
    /// differ by what reaches so far, which is little.
    package init(volume: Extent, configuration: UNetConfiguration, memory: Int = TilePlan.memory) {
        let multiple = configuration.multiple
        let steps = [Axis.z: multiple.z, .y: multiple.y, .x: multiple.x]
        let reach = configuration.halo
        let reaches = [Axis.z: reach.z, .y: reach.y, .x: reach.x]
        let most = max(memory / TilePlan.bytesPerVoxel(configuration), 1)
        var whole = volume
        for axis in Axis.allCases {
            let step = steps[axis] ?? 1
            whole[axis] = (volume[axis] + step - 1) / step * step
        }
        var tile = TilePlan.cube(in: whole, voxels: most)
        for axis in Axis.allCases {
            let step = steps[axis] ?? 1
            tile[axis] = max(min(tile[axis] / step * step, whole[axis]), step)
        }
        halo = Extent(z: 0, y: 0, x: 0)
        if configuration.padding == .valid {
            for axis in Axis.allCases { tile[axis] = max(tile[axis] - 2 * configuration.margin[axis], 1) }
            output = (try? configuration.output(for: configuration.input(covering: tile))) ?? tile
        } else {
            output = tile
            for axis in Axis.allCases where tile[axis] < whole[axis] {
                let step = steps[axis] ?? 1
                let wanted = ((reaches[axis] ?? 0) + step - 1) / step * step
                halo[axis] = min(wanted, tile[axis] / 5 / step * step)
            }
        }
    }

    /// Activations at full resolution, the widest being skip, up-sampled and new channels together, with what the
    /// other levels and the convolutions' scratch need.
    private static func bytesPerVoxel(_ configuration: UNetConfiguration) -> Int {
        4 * (24 * configuration.base + configuration.channels + 2 * configuration.classes)
    }

    /// The most cube-like box within another with at most so many voxels.
    private static func cube(in whole: Extent, voxels: Int) -> Extent {
        guard whole.voxels > voxels else { return whole }
        var low = 1
        var high = max(whole.z, whole.y, whole.x)
        while low < high {
            let edge = (low + high + 1) / 2
            if min(edge, whole.z) * min(edge, whole.y) * min(edge, whole.x) <= voxels {
                low = edge
            } else {
                high = edge - 1
            }
        }
        return Extent(z: min(low, whole.z), y: min(low, whole.y), x: min(low, whole.x))
    }
}
