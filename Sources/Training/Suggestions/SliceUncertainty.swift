package import Volumes

/// The mean uncertainty of each plane on each axis of a volume.
package struct SliceUncertainty: Codable, Sendable {
    /// By axis (z, y, x) and index.
    private var means: [[Double]]

    /// A slice worth annotating.
    package struct Suggestion: Hashable, Sendable {
        package var position: SlicePosition
        /// The mean uncertainty of the plane and its neighbours, reduced near annotated slices.
        package var score: Double
    }

    /// Measures the first channel of an uncertainty volume in one pass, brick by brick.
    ///
    /// Of a volume with more voxels than `limit` only every n-th brick along the diagonals is read, which bounds the
    /// time. Every plane still meets some of these bricks, which is enough to rank the planes.
    package static func measure(_ source: any VoxelSource, limit: Int = 1 << 26, edge: Int = 64) throws
        -> SliceUncertainty
    {
        let extent = source.header.extent
        var sums = Axis.allCases.map { [Double](repeating: 0, count: extent[$0]) }
        var voxels = Axis.allCases.map { [Int](repeating: 0, count: extent[$0]) }
        let grid = BrickGrid(extent: extent, edge: edge)
        let step = sampling(of: grid, limit: limit)
        for brick in grid.bricks where (brick.z + brick.y + brick.x) % step == 0 {
            let box = grid.box(of: brick)
            for (place, axis) in Axis.allCases.enumerated() {
                let size = box.extent.voxels / box.extent[axis]
                for index in box.range(axis) { voxels[place][index] += size }
            }
            let values = try source.floats(box)
            var place = 0
            for z in box.range(.z) {
                for y in box.range(.y) {
                    var row = 0.0
                    for x in box.range(.x) {
                        let value = Double(values[place])
                        sums[2][x] += value
                        row += value
                        place += 1
                    }
                    sums[0][z] += row
                    sums[1][y] += row
                }
            }
        }
        for place in sums.indices {
            for index in sums[place].indices { sums[place][index] /= Double(max(voxels[place][index], 1)) }
        }
        return SliceUncertainty(means: sums)
    }

    /// The n of "every n-th brick", small enough for every layer of bricks on each axis to have one.
    private static func sampling(of grid: BrickGrid, limit: Int) -> Int {
        let counts = grid.counts
        let most = min(counts.z + counts.y, counts.z + counts.x, counts.y + counts.x) - 1
        return max(min((grid.extent.voxels + limit - 1) / max(limit, 1), most), 1)
    }

    /// Suggests the planes with the highest scores, in order.
    ///
    /// A score is the mean uncertainty of the planes within an eighth of the axis, weighted towards the nearest, each
    /// weighted by its distance from annotated and chosen planes, so a plane next to one of these scores nearly 0.
    /// Planes beyond the border count as 0; otherwise the planes at the border, which are always the most uncertain,
    /// would come first.
    package func suggestions(count: Int, avoiding annotated: [SlicePosition]) -> [Suggestion] {
        var taken = annotated
        var chosen: [Suggestion] = []
        while chosen.count < count {
            var best: Suggestion?
            for axis in Axis.allCases {
                let scores = scores(on: axis, avoiding: taken.filter { $0.axis == axis }.map(\.index))
                for (index, score) in scores.enumerated() where score > best?.score ?? 0 {
                    best = Suggestion(position: SlicePosition(axis, index), score: score)
                }
            }
            guard let best else { break }
            chosen.append(best)
            taken.append(best.position)
        }
        return chosen
    }

    private func scores(on axis: Axis, avoiding near: [Int]) -> [Double] {
        let means = means[axis == .z ? 0 : axis == .y ? 1 : 2]
        guard means.count > 1 else { return [] }
        let reach = max(Double(means.count) / 8, 1)
        let freedom = means.indices.map { index in
            near.map { abs($0 - index) }.min().map { min(Double($0) / reach, 1) } ?? 1
        }
        let width = Int(reach.rounded(.up)) - 1
        let weights = (0...width).map { 1 - Double($0) / reach }
        let total = 2 * weights.reduce(0, +) - 1
        return means.indices.map { index in
            var sum = 0.0
            for other in max(index - width, 0)...min(index + width, means.count - 1) {
                sum += weights[abs(other - index)] * means[other] * freedom[other]
            }
            return freedom[index] * sum / total
        }
    }
}
