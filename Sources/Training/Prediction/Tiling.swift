package import Volumes

/// Cuts a volume into tiles of one size that overlap by a halo and have disjoint cores.
///
/// A tile's input stays within the padded volume, except for the margin that valid padding needs, so that at the
/// volume's edges the result equals that of the volume as one tile. Cores start at multiples of `step`, like pooling
/// windows.
package struct Tiling: Hashable, Sendable {
    package struct Tile: Hashable, Sendable {
        /// The network's input; may extend beyond the volume.
        package var input: Box
        /// The network's output.
        package var output: Box
        /// The part that is used: within the volume, within `output`, disjoint from all other cores.
        package var core: Box
    }

    private struct Cut: Hashable, Sendable {
        var origin: Int
        var core: Range<Int>
    }

    private let cuts: [[Cut]]
    private let output: Extent
    private let margin: Extent

    /// Cuts a volume into tiles of extent `output`, which overlap by `halo` on each side.
    ///
    /// `margin` is how much larger the network's input is on each side. All core starts but the last are multiples of
    /// `step`.
    package init(volume: Extent, output: Extent, halo: Extent, margin: Extent, step: Extent) {
        self.output = output
        self.margin = margin
        cuts = Axis.allCases.map { axis in
            let step = max(step[axis], 1)
            let padded = (volume[axis] + step - 1) / step * step
            return Tiling.cut(volume[axis], padded: padded, size: output[axis], halo: halo[axis], step: step)
        }
    }

    private static func cut(_ length: Int, padded: Int, size: Int, halo: Int, step: Int) -> [Cut] {
        guard length > size else { return [Cut(origin: 0, core: 0..<length)] }
        let halo = min((halo + step - 1) / step * step, max((size - step) / 2 / step * step, 0))
        // With valid padding, less than a step may be left.
        func whole(_ count: Int) -> Int { count < step ? count : count / step * step }
        let stride = whole(size - 2 * halo)
        var cuts: [Cut] = []
        var start = 0
        while start < length {
            let origin = max(min(start - halo, (padded - size + step - 1) / step * step), 0)
            let isLast = origin + size >= length
            let first = cuts.isEmpty
            let end = isLast ? length : first ? whole(size - halo) : start + stride
            cuts.append(Cut(origin: origin, core: start..<min(end, length)))
            start = end
        }
        return cuts
    }

    package var count: Int { cuts.reduce(1) { $0 * $1.count } }

    /// The tiles, z slowest.
    package var tiles: [Tile] { tiles { _ in true } }

    /// The tiles whose cores intersect a box.
    package func tiles(touching box: Box) -> [Tile] {
        tiles { !$0.intersection(box).isEmpty }
    }

    private func tiles(where wanted: (Box) -> Bool) -> [Tile] {
        var tiles: [Tile] = []
        for z in cuts[0] {
            for y in cuts[1] {
                for x in cuts[2] {
                    let core = Box(
                        origin: Voxel(z: z.core.lowerBound, y: y.core.lowerBound, x: x.core.lowerBound),
                        extent: Extent(z: z.core.count, y: y.core.count, x: x.core.count))
                    guard wanted(core) else { continue }
                    let origin = Voxel(z: z.origin, y: y.origin, x: x.origin)
                    var input = Box(origin: origin, extent: output)
                    for axis in Axis.allCases {
                        input.origin[axis] -= margin[axis]
                        input.extent[axis] += 2 * margin[axis]
                    }
                    tiles.append(Tile(input: input, output: Box(origin: origin, extent: output), core: core))
                }
            }
        }
        return tiles
    }
}
