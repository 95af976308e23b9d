package import Network
internal import Text
package import Volumes

/// How a volume of any size is cut into blocks that can be predicted one by one, wherever and in whatever order: each of
/// them by one tile, which depends on the block alone.
///
/// Blocks are whole chunks of what is written, so that no chunk is made of two of them.
package struct BlockPlan: Codable, Hashable, Sendable {
    /// The voxels of the volume.
    package let volume: Extent
    /// The voxels of a chunk of what is written; those at the far borders hold fewer.
    package let chunk: Extent
    /// The voxels of a block, a multiple of the chunk's on each axis; those at the far borders hold fewer.
    package let block: Extent
    /// The network's output for a block, in the grid that it sees.
    package let tile: Extent
    /// The least overlap of the tile on each side, within the volume.
    package let halo: Extent

    /// Edges of chunks, from the one that is best to read.
    private static let edges = [64, 32]
    /// The most chunks of a block along an axis.
    fileprivate static let mostChunks = 16

    /// Of the blocks whose tiles fit the memory in bytes, those with the least computation for the whole volume.
    ///
    /// Throws if not even the smallest one fits, or if the model takes other channels than the volume has.
    package init(volume: VolumeHeader, network: NetworkGraph, recipe: Recipe, memory: Int) throws(TrainingError) {
        let (inputs, channels) = (recipe.inputs.count, network.configuration.channels)
        guard volume.channels * inputs == channels else {
            throw .mismatch(
                "The model takes \((channels / inputs).counting("channel")); the volume has \(volume.channels).")
        }
        let resampling = try recipe.resampling(of: volume)
        let cutter = Cutter(
            volume: volume.extent, grid: resampling?.extent ?? volume.extent, isResampled: resampling != nil,
            network: network)
        var least: (work: Double, ways: [Way])?
        for edge in Self.edges where least == nil {
            let axes = Axis.allCases.map { axis in cutter.ways(axis, edge: min(edge, volume.extent[axis])) }
            for z in axes[0] {
                for y in axes[1] {
                    for x in axes[2] where cutter.bytes([z, y, x]) <= memory {
                        let work = z.work * y.work * x.work
                        if work < least?.work ?? .infinity { least = (work, [z, y, x]) }
                    }
                }
            }
        }
        guard let ways = least?.ways else {
            let smallest = Axis.allCases.compactMap { axis in
                cutter.ways(axis, edge: min(Self.edges.last ?? 1, volume.extent[axis])).first
            }
            throw .invalid(
                field: "memory",
                detail: "of \(memory >> 20) MiB is less than the smallest tile of this network takes, "
                    + "\(cutter.bytes(smallest) >> 20 + 1) MiB")
        }
        func extent(_ size: (Way) -> Int) -> Extent { Extent(z: size(ways[0]), y: size(ways[1]), x: size(ways[2])) }
        self.volume = volume.extent
        chunk = extent(\.edge)
        block = extent { $0.edge * $0.chunks }
        tile = extent(\.tile)
        halo = extent(\.halo)
    }

    /// How many blocks there are along each axis.
    package var counts: Extent {
        var counts = volume
        for axis in Axis.allCases { counts[axis] = (volume[axis] + block[axis] - 1) / block[axis] }
        return counts
    }

    /// How many blocks there are.
    package var count: Int { counts.voxels }

    /// The voxels of a block by its number, x fastest.
    package func box(of number: Int) -> Box {
        let counts = counts
        let place = Voxel(
            z: number / (counts.y * counts.x), y: number / counts.x % counts.y, x: number % counts.x)
        let origin = Voxel(z: place.z * block.z, y: place.y * block.y, x: place.x * block.x)
        return Box(origin: origin, extent: block).intersection(Box(extent: volume))
    }
}

/// A way to cut an axis into blocks.
private struct Way {
    /// Voxels of a chunk, and chunks of a block.
    let edge: Int
    let chunks: Int
    /// Voxels of the block at most.
    let block: Int
    /// Voxels of the tile, and of its input.
    let tile: Int
    let input: Int
    let halo: Int
    /// The voxels that are computed along the axis.
    let work: Double
}

/// Finds the ways to cut the axes of a volume.
private struct Cutter {
    let volume: Extent
    /// The volume as the network sees it.
    let grid: Extent
    let isResampled: Bool
    let network: NetworkGraph

    /// The ways to cut an axis, from the smallest blocks to the largest.
    func ways(_ axis: Axis, edge: Int) -> [Way] {
        let (length, seen) = (volume[axis], grid[axis])
        let isValid = network.configuration.padding == .valid
        let step = max(axis.of(network.multiple), 1)
        func rounded(_ voxels: Int) -> Int { (voxels + step - 1) / step * step }
        let halo = isValid ? 0 : rounded(min(axis.of(network.halo), TilePlan.largestHalo))
        var ways: [Way] = []
        for chunks in 1...max(min((length + edge - 1) / edge, BlockPlan.mostChunks), 1) {
            let block = min(edge * chunks, length)
            let needed = isResampled ? min(seenVoxels(of: block, axis), seen) : block
            // A tile begins at a multiple of the step, which a block need not do.
            let slack = !isResampled && (edge * chunks) % step == 0 ? 0 : step - 1
            let whole = rounded(seen)
            let tile = min(rounded(needed + 2 * halo + slack), whole)
            let (output, input) = isValid ? valid(tile, axis) : (tile, tile)
            let count = (length + edge * chunks - 1) / (edge * chunks)
            ways.append(
                Way(
                    edge: edge, chunks: chunks, block: block, tile: output, input: input, halo: halo,
                    work: Double(count) * Double(input)))
        }
        return ways
    }

    /// The most voxels that the network sees where the voxels of a block are made of them.
    private func seenVoxels(of block: Int, _ axis: Axis) -> Int {
        let ratio = Double(grid[axis]) / Double(volume[axis])
        return Int((Double(block) * ratio).rounded(.up)) + 2 * Int(max(1, ratio).rounded(.up)) + 2
    }

    /// The output of a network with valid padding that covers so many voxels along an axis, and its input.
    private func valid(_ voxels: Int, _ axis: Axis) -> (output: Int, input: Int) {
        let size = Extent(z: voxels, y: voxels, x: voxels)
        let input = network.input(covering: size)
        let output = (try? network.output(for: input)) ?? size
        return (output[axis], input[axis])
    }

    /// Bytes of a tile's activations, of the weights, and of what is made of the tile.
    func bytes(_ ways: [Way]) -> Int {
        let configuration = network.configuration
        let (input, block) = ways.reduce((1, 1)) { ($0.0 * $1.input, $0.1 * $1.block) }
        return input * TilePlan.bytesPerVoxel(configuration) + TilePlan.bytes(ofWeights: network)
            + block * 4 * (3 * configuration.classes + 2)
    }
}
