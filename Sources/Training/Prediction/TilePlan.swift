package import Network
package import Volumes

/// The size of a tile, and how much of it overlaps its neighbours.
package struct TilePlan: Hashable, Sendable {
    /// The default memory for the activations of a tile, in bytes.
    package static let memory = 2 << 30

    /// The longest halo in voxels: the reach of a network of three levels, 23, in steps of its pooling.
    static let largestHalo = 24

    /// The extent of the network's output for one tile.
    package var output: Extent
    /// The overlap on each side, in voxels.
    package var halo: Extent

    package init(output: Extent, halo: Extent) {
        self.output = output
        self.halo = halo
    }

    /// Of the tiles whose activations fit the memory, those with the least computation: the whole volume as one tile,
    /// or as few cuts as possible, across the axes where the overlaps cost least.
    ///
    /// The halo is the network's receptive field, but at most 24 voxels (enough for three levels) or, in smaller tiles, a
    /// third of the tile. If the receptive field is larger, neighbouring tiles differ a little at their border.
    package init(volume: Extent, network: NetworkGraph, memory: Int = TilePlan.memory) {
        let most = max((memory - TilePlan.bytes(ofWeights: network)) / TilePlan.bytesPerVoxel(network.configuration), 1)
        let axes = Axis.allCases.map { TilePlan.cuts(of: volume[$0], along: $0, network: network) }
        let smallest = axes.map { $0.last ?? Cuts(count: 1, size: 1, halo: 0) }
        var best = smallest
        var least = Int.max
        for z in axes[0] {
            for y in axes[1] {
                for x in axes[2] where z.size * y.size * x.size <= most {
                    let work = z.work * y.work * x.work
                    guard work < least else { continue }
                    (best, least) = ([z, y, x], work)
                }
            }
        }
        halo = Extent(z: best[0].halo, y: best[1].halo, x: best[2].halo)
        output = Extent(z: best[0].size, y: best[1].size, x: best[2].size)
        guard network.configuration.padding == .valid else { return }
        halo = Extent(z: 0, y: 0, x: 0)
        var inner = output
        for axis in Axis.allCases { inner[axis] = max(inner[axis] - 2 * network.margin[axis], 1) }
        output = (try? network.output(for: network.input(covering: inner))) ?? inner
    }

    /// Bytes of a tile's activations and of the weights; more than was asked for if not even the smallest tile fits.
    package func bytes(with network: NetworkGraph) -> Int {
        var input = output
        for axis in Axis.allCases { input[axis] += 2 * network.margin[axis] }
        return input.voxels * TilePlan.bytesPerVoxel(network.configuration) + TilePlan.bytes(ofWeights: network)
    }

    /// A way to cut an axis: the number of tiles and their size.
    private struct Cuts {
        var count: Int
        var size: Int
        var halo: Int
        /// The number of voxels computed along the axis.
        var work: Int { count * size }
    }

    /// The ways to cut an axis, from one tile to the smallest tiles.
    private static func cuts(of length: Int, along axis: Axis, network: NetworkGraph) -> [Cuts] {
        let isValid = network.configuration.padding == .valid
        let (multiple, reach) = (network.multiple, network.halo)
        let step = isValid ? 1 : axis.of(multiple)
        func rounded(_ voxels: Int) -> Int { (voxels + step - 1) / step * step }
        let overlap = isValid ? network.margin[axis] : min(axis.of(reach), largestHalo)
        var ways = [Cuts(count: 1, size: rounded(length) + (isValid ? 2 * overlap : 0), halo: 0)]
        var count = 2
        while count <= length {
            // The first and the last tile overlap on one side only, except with valid padding, which needs its margin.
            func size(halo: Int) -> Int {
                rounded((length + 2 * (isValid ? count : count - 1) * halo + count - 1) / count)
            }
            let halo = isValid ? overlap : min(rounded(overlap), size(halo: rounded(overlap)) / 3 / step * step)
            if size(halo: halo) < ways[ways.count - 1].size {
                ways.append(Cuts(count: count, size: size(halo: halo), halo: halo))
            }
            count = max(count + 1, count * 6 / 5)
        }
        return ways
    }

    /// Bytes of activations per voxel at the peak, the first convolution of the decoder's last level; measured 4.7 to
    /// 5.4 times `base` floats.
    static func bytesPerVoxel(_ configuration: UNetConfiguration) -> Int {
        let widest = configuration.padding == .valid ? 9 : 6
        return 4 * (widest * configuration.base + configuration.channels + 2 * configuration.classes)
    }

    /// Bytes of the parameters and of their packed copies.
    static func bytes(ofWeights network: NetworkGraph) -> Int {
        20 * network.parameterCount
    }
}

extension Axis {
    /// The size along this axis.
    func of(_ sizes: (z: Int, y: Int, x: Int)) -> Int {
        switch self {
        case .z: sizes.z
        case .y: sizes.y
        case .x: sizes.x
        }
    }
}
