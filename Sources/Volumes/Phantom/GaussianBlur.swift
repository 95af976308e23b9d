internal import Foundation

/// Blurs a volume in memory along one axis after the other; border voxels are repeated outwards.
struct GaussianBlur {
    /// Standard deviations in voxels; 0 skips an axis.
    let deviation: Point

    func apply(to values: inout [Float], extent: Extent) {
        let plane = extent.y * extent.x
        pass(&values, deviation.z, count: extent.z, stride: plane, runs: [(0, plane)])
        pass(
            &values, deviation.y, count: extent.y, stride: extent.x,
            runs: (0..<extent.z).map { ($0 * plane, extent.x) })
        pass(
            &values, deviation.x, count: extent.x, stride: 1,
            runs: (0..<extent.z * extent.y).map { ($0 * extent.x, 1) })
    }

    private static func weights(_ deviation: Double) -> [Float] {
        let reach = max(Int((3 * deviation).rounded(.up)), 1)
        let raw = (-reach...reach).map { exp(-0.5 * pow(Double($0) / deviation, 2)) }
        let sum = raw.reduce(0, +)
        return raw.map { Float($0 / sum) }
    }

    /// Blurs along an axis of `count` steps of `stride`; a run is a start and how many adjacent lines it has.
    private func pass(
        _ values: inout [Float], _ deviation: Double, count: Int, stride: Int, runs: [(start: Int, width: Int)]
    ) {
        guard deviation > 0, count > 1 else { return }
        let weights = Self.weights(deviation)
        let reach = weights.count / 2
        let width = runs.first?.width ?? 0
        var line = [Float](repeating: 0, count: count * width)
        values.withUnsafeMutableBufferPointer { values in
            line.withUnsafeMutableBufferPointer { line in
                for run in runs {
                    for step in 0..<count {
                        let from = run.start + step * stride
                        for column in 0..<width { line[step * width + column] = values[from + column] }
                    }
                    for step in 0..<count {
                        let to = run.start + step * stride
                        for column in 0..<width { values[to + column] = 0 }
                        for (offset, weight) in weights.enumerated() {
                            let from = min(max(step + offset - reach, 0), count - 1) * width
                            for column in 0..<width { values[to + column] += weight * line[from + column] }
                        }
                    }
                }
            }
        }
    }
}
