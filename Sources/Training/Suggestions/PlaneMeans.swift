package import Volumes

/// The mean of a volume's numbers over each plane of each axis.
package struct PlaneMeans: Codable, Sendable {
    /// By axis (z, y, x) and index.
    private var means: [[Double]]

    /// A slice worth annotating.
    package struct Suggestion: Hashable, Sendable {
        package var axis: Axis
        package var index: Int
        /// Its mean uncertainty, less what slices nearby say of it already.
        package var score: Double
    }

    /// Reads the first channel once, brick by brick.
    ///
    /// Of a volume with more voxels than `limit` only every n-th brick along the diagonals is read, so that every
    /// plane still meets some of them: the planes' ranks need no more, and the time stays bounded.
    package static func measure(_ source: any VoxelSource, limit: Int = 1 << 26, edge: Int = 64) throws -> PlaneMeans {
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
        return PlaneMeans(means: sums)
    }

    /// One brick in how many is read; no fewer than let a row of bricks on each axis meet one.
    private static func sampling(of grid: BrickGrid, limit: Int) -> Int {
        let counts = grid.counts
        let most = min(counts.z + counts.y, counts.z + counts.x, counts.y + counts.x) - 1
        return max(min((grid.extent.voxels + limit - 1) / max(limit, 1), most), 1)
    }

    /// The planes of the highest mean, each weighed by its distance from those of the same axis that are annotated or
    /// chosen already: from nothing beside one of them to the full score an eighth of the volume away.
    package func suggestions(count: Int, avoiding annotated: [(axis: Axis, index: Int)]) -> [Suggestion] {
        var taken = annotated
        var chosen: [Suggestion] = []
        while chosen.count < count {
            var best: Suggestion?
            for (place, axis) in Axis.allCases.enumerated() where means[place].count > 1 {
                let reach = max(Double(means[place].count) / 8, 1)
                let near = taken.filter { $0.axis == axis }.map(\.index)
                for (index, mean) in means[place].enumerated() {
                    let distance = near.map { abs($0 - index) }.min().map { min(Double($0) / reach, 1) } ?? 1
                    let score = mean * distance
                    if score > best?.score ?? 0 { best = Suggestion(axis: axis, index: index, score: score) }
                }
            }
            guard let best else { break }
            chosen.append(best)
            taken.append((best.axis, best.index))
        }
        return chosen
    }
}
