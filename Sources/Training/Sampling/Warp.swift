internal import Foundation
package import Volumes

/// A random smooth deformation of a patch about its centre: rotation, scaling and a B-spline through random vectors.
///
/// The formula is that of Çiçek et al. 2016, section 3.2; the cubic B-spline's weights are the uniform ones.
package struct Warp: Sendable {
    /// From offsets to the centre in the patch to offsets in the volume, row by row, in voxels (z, y, x).
    private var matrix: [Float]
    /// Points of the grid on each axis, and the voxels between them.
    private var points: Extent = Extent(z: 0, y: 0, x: 0)
    private var step: [Float] = [1, 1, 1]
    /// 3×points displacements in voxels; empty without elastic deformation.
    private var vectors: [Float] = []

    /// Draws a deformation for patches of an extent, image margin included.
    ///
    /// Axes whose spacings differ more than threefold are not rotated into each other; displacements are the same
    /// length in the world on all axes.
    package init(
        _ augmentation: Augmentation, extent: Extent, spacing: Spacing,
        using random: inout Random
    ) {
        let sizes = Axis.allCases.map { spacing[$0] > 0 ? spacing[$0] : 1 }
        let finest = sizes.min() ?? 1
        var rotation: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
        for axis in 0..<3 {
            let angle = Double.random(in: -1...1, using: &random) * augmentation.rotation * .pi / 180
            let (first, second) = ((axis + 1) % 3, (axis + 2) % 3)
            let ratio = max(sizes[first], sizes[second]) / min(sizes[first], sizes[second])
            guard ratio <= 3, extent[Axis.allCases[first]] > 1, extent[Axis.allCases[second]] > 1 else { continue }
            var turn: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
            turn[first * 3 + first] = cos(angle)
            turn[second * 3 + second] = cos(angle)
            turn[first * 3 + second] = -sin(angle)
            turn[second * 3 + first] = sin(angle)
            rotation = Warp.product(rotation, turn)
        }
        let low = log(augmentation.scale.low)
        let high = log(augmentation.scale.high)
        let factor = exp(Double.random(in: low...max(low, high), using: &random))
        matrix = []
        for row in 0..<3 {
            for column in 0..<3 {
                let toVoxels: Double = factor * sizes[column] / sizes[row]
                matrix.append(Float(rotation[row * 3 + column] * toVoxels))
            }
        }
        guard let elastic = augmentation.elastic, elastic.sigma > 0 else { return }
        for (place, axis) in Axis.allCases.enumerated() {
            let distance = max(4, elastic.spacing * finest / sizes[place])
            step[place] = Float(distance)
            points[axis] = Int((Double(extent[axis]) / distance).rounded(.up)) + 3
        }
        vectors.reserveCapacity(3 * points.voxels)
        for place in 0..<3 {
            let sigma = elastic.sigma * finest / sizes[place]
            for _ in 0..<points.voxels { vectors.append(Float(random.normal() * sigma)) }
        }
    }

    private static func product(_ left: [Double], _ right: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: 9)
        for row in 0..<3 {
            for column in 0..<3 {
                for inner in 0..<3 { result[row * 3 + column] += left[row * 3 + inner] * right[inner * 3 + column] }
            }
        }
        return result
    }

    /// Where each voxel of a box comes from: z, y and x in the volume, interleaved, x fastest.
    package func sources(of box: Box) -> [Float] {
        let extent = box.extent
        let half = Axis.allCases.map { Float(extent[$0] - 1) / 2 }
        let centre = Axis.allCases.enumerated().map { Float(box.origin[$1]) + half[$0] }
        let splines = Axis.allCases.enumerated().map { place, axis in
            (0..<extent[axis]).map { Warp.spline(Float($0) / step[place]) }
        }
        var result = [Float](repeating: 0, count: 3 * extent.voxels)
        var row = [Float](repeating: 0, count: 3 * max(points.x, 1))
        var place = 0
        for z in 0..<extent.z {
            for y in 0..<extent.y {
                if !vectors.isEmpty { mix(splines[0][z], splines[1][y], into: &row) }
                let first = Float(z) - half[0]
                let second = Float(y) - half[1]
                for x in 0..<extent.x {
                    let third = Float(x) - half[2]
                    let spline = splines[2][x]
                    for axis in 0..<3 {
                        var value = centre[axis] + matrix[axis * 3] * first + matrix[axis * 3 + 1] * second
                        value += matrix[axis * 3 + 2] * third
                        if !vectors.isEmpty {
                            let start = axis * points.x + spline.cell
                            value += row[start] * spline.weights[0] + row[start + 1] * spline.weights[1]
                            value += row[start + 2] * spline.weights[2] + row[start + 3] * spline.weights[3]
                        }
                        result[place] = value
                        place += 1
                    }
                }
            }
        }
        return result
    }

    private struct Spline {
        var cell: Int
        var weights: SIMD4<Float>
    }

    private static func spline(_ position: Float) -> Spline {
        let cell = Int(position)
        let t = position - Float(cell)
        let rest: Float = 1 - t
        let second: Float = 3 * t * t * t - 6 * t * t + 4
        let third: Float = 3 * rest * rest * rest - 6 * rest * rest + 4
        let weights = SIMD4<Float>(rest * rest * rest, second, third, t * t * t)
        return Spline(cell: cell, weights: weights / 6)
    }

    /// The vectors along x at a z and a y.
    private func mix(_ z: Spline, _ y: Spline, into row: inout [Float]) {
        for axis in 0..<3 {
            for x in 0..<points.x {
                var sum: Float = 0
                for a in 0..<4 {
                    for b in 0..<4 {
                        let place = ((axis * points.z + z.cell + a) * points.y + y.cell + b) * points.x + x
                        sum += z.weights[a] * y.weights[b] * vectors[place]
                    }
                }
                row[axis * points.x + x] = sum
            }
        }
    }
}
