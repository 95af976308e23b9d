internal import Foundation
internal import Volumes

/// The mean of a volume's numbers over each plane of each axis.
struct PlaneMeans: Codable, Sendable {
    /// By axis (z, y, x) and index.
    private var means: [[Double]]

    /// A slice worth annotating.
    struct Suggestion: Sendable {
        var axis: Axis
        var index: Int
        /// Its mean uncertainty, less what slices nearby say of it already.
        var score: Double
    }

    /// Reads the first channel once, brick by brick.
    static func measure(_ source: any VoxelSource) throws -> PlaneMeans {
        let extent = source.header.extent
        var sums = Axis.allCases.map { [Double](repeating: 0, count: extent[$0]) }
        let grid = BrickGrid(extent: extent)
        for brick in grid.bricks {
            let box = grid.box(of: brick)
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
        for (place, axis) in Axis.allCases.enumerated() {
            let voxels = Double(max(extent.voxels / max(extent[axis], 1), 1))
            for index in sums[place].indices { sums[place][index] /= voxels }
        }
        return PlaneMeans(means: sums)
    }

    /// The planes of the highest mean, each weighed by its distance from those of the same axis that are annotated or
    /// chosen already: from nothing beside one of them to the full score an eighth of the volume away.
    func suggestions(count: Int, avoiding annotated: [(axis: Axis, index: Int)]) -> [Suggestion] {
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
