internal import Volumes

/// Interpolates between the voxels of a region.
struct Resampler {
    let region: Box

    /// Interpolates linearly.
    ///
    /// `sources` hold the z of all positions, then y, then x; each position must lie at least one voxel before the
    /// region's end.
    func linear(
        _ values: UnsafeMutableBufferPointer<Float>, at sources: UnsafeBufferPointer<Float>,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        let (rows, columns) = (region.extent.y, region.extent.x)
        let (originZ, originY, originX) = (Float(region.origin.z), Float(region.origin.y), Float(region.origin.x))
        let count = target.count
        for index in target.indices {
            let z = sources[index] - originZ
            let y = sources[count + index] - originY
            let x = sources[2 * count + index] - originX
            let (z0, y0, x0) = (Int(z), Int(y), Int(x))
            let (dz, dy, dx) = (z - Float(z0), y - Float(y0), x - Float(x0))
            let corner = (z0 * rows + y0) * columns + x0
            let down = corner + rows * columns
            let near = Resampler.mix(
                Resampler.mix(values[corner], values[corner + 1], dx),
                Resampler.mix(values[corner + columns], values[corner + columns + 1], dx), dy)
            let far = Resampler.mix(
                Resampler.mix(values[down], values[down + 1], dx),
                Resampler.mix(values[down + columns], values[down + columns + 1], dx), dy)
            target[index] = Resampler.mix(near, far, dz)
        }
    }

    /// Takes the nearest voxel's value for each voxel of `inner`; `sources` are the positions of `outer`.
    func nearest(
        _ values: UnsafeMutableBufferPointer<UInt8>, at sources: UnsafeBufferPointer<Float>, of outer: Box, inner: Box,
        into target: UnsafeMutableBufferPointer<UInt8>
    ) {
        var index = 0
        let count = sources.count / 3
        for z in inner.range(.z) {
            for y in inner.range(.y) {
                let row = (z - outer.origin.z) * outer.extent.y + y - outer.origin.y
                let start = row * outer.extent.x + inner.origin.x - outer.origin.x
                for source in start..<start + inner.extent.x {
                    let fromZ = Int(sources[source].rounded()) - region.origin.z
                    let fromY = Int(sources[count + source].rounded()) - region.origin.y
                    let fromX = Int(sources[2 * count + source].rounded()) - region.origin.x
                    target[index] = values[(fromZ * region.extent.y + fromY) * region.extent.x + fromX]
                    index += 1
                }
            }
        }
    }

    @inline(__always)
    private static func mix(_ low: Float, _ high: Float, _ part: Float) -> Float { low + (high - low) * part }
}

extension UnsafeMutableBufferPointer {
    /// Reverses a Z×Y×X array along an axis.
    func reverse(along axis: Axis, of extent: Extent) {
        let (planes, rows, columns) = (extent.z, extent.y, extent.x)
        switch axis {
        case .x:
            for row in 0..<planes * rows {
                for column in 0..<columns / 2 { swapAt(row * columns + column, (row + 1) * columns - 1 - column) }
            }
        case .y:
            for plane in 0..<planes {
                for row in 0..<rows / 2 {
                    let (one, other) = ((plane * rows + row) * columns, (plane * rows + rows - 1 - row) * columns)
                    for column in 0..<columns { swapAt(one + column, other + column) }
                }
            }
        case .z:
            let size = rows * columns
            for plane in 0..<planes / 2 {
                let (one, other) = (plane * size, (planes - 1 - plane) * size)
                for index in 0..<size { swapAt(one + index, other + index) }
            }
        }
    }
}
