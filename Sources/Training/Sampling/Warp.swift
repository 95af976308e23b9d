internal import Foundation
package import Volumes

/// A random smooth deformation of a patch around its centre: rotation, scaling and a B-spline of random displacements.
///
/// After Çiçek et al. 2016, section 3.2, with a uniform cubic B-spline.
package struct Warp: Sendable {
    /// Maps offsets from the centre in the patch to offsets in the volume; row-major, in voxels (z, y, x).
    private var matrix: [Float]
    /// Points of the spline's grid on each axis.
    private var points: Extent = Extent(z: 0, y: 0, x: 0)
    /// Voxels between points of the grid, z, y, x.
    private var step: [Float] = [1, 1, 1]
    /// Displacements in voxels, 3×points; empty without elastic deformation.
    private var vectors: [Float] = []

    /// Draws a deformation for patches of an extent that includes the image's margin.
    ///
    /// Axes whose spacings differ more than threefold are not rotated into each other; displacements have the same
    /// physical length on all axes. With `plane`, slices on that axis are mapped to themselves: rotation is around the
    /// axis, scaling and displacements are within the slice. The same holds for patches of a single plane.
    package init(
        _ augmentation: Augmentation, extent: Extent, spacing: Spacing, within plane: Axis? = nil,
        using random: inout Random
    ) {
        let sizes = Axis.allCases.map { spacing[$0] > 0 ? spacing[$0] : 1 }
        let finest = sizes.min() ?? 1
        var rotation: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
        for axis in 0..<3 {
            let angle = Double.random(in: -1...1, using: &random) * augmentation.angle * .pi / 180
            let (first, second) = ((axis + 1) % 3, (axis + 2) % 3)
            let ratio = max(sizes[first], sizes[second]) / min(sizes[first], sizes[second])
            guard ratio <= 3, extent[Axis.allCases[first]] > 1, extent[Axis.allCases[second]] > 1,
                plane == nil || plane?.place == axis
            else { continue }
            var turn: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
            turn[first * 3 + first] = cos(angle)
            turn[second * 3 + second] = cos(angle)
            turn[first * 3 + second] = -sin(angle)
            turn[second * 3 + first] = sin(angle)
            rotation = Warp.product(rotation, turn)
        }
        let low = log(augmentation.factors.low)
        let high = log(augmentation.factors.high)
        let factor = exp(Double.random(in: low...max(low, high), using: &random))
        matrix = []
        for row in 0..<3 {
            for column in 0..<3 {
                let toVoxels: Double = (row == plane?.place ? 1 : factor) * sizes[column] / sizes[row]
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
            let isFlat = place == plane?.place || extent[Axis.allCases[place]] == 1
            let sigma = isFlat ? 0 : elastic.sigma * finest / sizes[place]
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

    /// The position in the volume that each voxel of a box is read from: z of all voxels, then y, then x.
    package func sources(of box: Box) -> [Float] {
        let (extent, count) = (box.extent, box.extent.voxels)
        return [Float](unsafeUninitializedCapacity: 3 * count) { result, filled in
            for axis in 0..<3 {
                let part = UnsafeMutableBufferPointer(rebasing: result[axis * count..<(axis + 1) * count])
                turn(axis, box, into: part)
                if !vectors.isEmpty { bend(axis, extent, part) }
            }
            filled = 3 * count
        }
    }

    /// Writes one coordinate after rotation and scaling.
    private func turn(_ axis: Int, _ box: Box, into result: UnsafeMutableBufferPointer<Float>) {
        let extent = box.extent
        let half = Axis.allCases.map { Float(extent[$0] - 1) / 2 }
        let centre = Float(box.origin[Axis.allCases[axis]]) + half[axis]
        let slope = matrix[axis * 3 + 2]
        for z in 0..<extent.z {
            for y in 0..<extent.y {
                let start = (z * extent.y + y) * extent.x
                let plane = matrix[axis * 3] * (Float(z) - half[0]) + matrix[axis * 3 + 1] * (Float(y) - half[1])
                let first = centre + plane - slope * half[2]
                for x in 0..<extent.x { result[start + x] = first + slope * Float(x) }
            }
        }
    }

    /// Adds the displacements of one coordinate.
    private func bend(_ axis: Int, _ extent: Extent, _ result: UnsafeMutableBufferPointer<Float>) {
        let along = Axis.allCases.map { place in
            (0..<extent[place]).map { Warp.spline(Float($0) / step[place.place]) }
        }
        var sheet = [Float](repeating: 0, count: points.y * points.x)
        var row = [Float](repeating: 0, count: points.x)
        for z in 0..<extent.z {
            let depth = along[0][z]
            for place in sheet.indices {
                var sum: Float = 0
                for tap in 0..<4 {
                    sum += depth.weights[tap] * vectors[(axis * points.z + depth.cell + tap) * sheet.count + place]
                }
                sheet[place] = sum
            }
            for y in 0..<extent.y {
                let height = along[1][y]
                for x in 0..<points.x {
                    var sum: Float = 0
                    for tap in 0..<4 { sum += height.weights[tap] * sheet[(height.cell + tap) * points.x + x] }
                    row[x] = sum
                }
                let start = (z * extent.y + y) * extent.x
                for x in 0..<extent.x {
                    let width = along[2][x]
                    let near = SIMD4(row[width.cell], row[width.cell + 1], row[width.cell + 2], row[width.cell + 3])
                    result[start + x] += (near * width.weights).sum()
                }
            }
        }
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
}
