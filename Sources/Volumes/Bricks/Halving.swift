/// How a voxel is made of the two, four or eight that become one.
package enum Halving: String, Sendable {
    /// Their mean, without NaN and infinite values.
    case mean
    /// The first of them: labels have no mean.
    case first

    /// A box of a level, read from the level before, of which some axes are halved.
    ///
    /// x fastest, in the source's element type. At the far border of an axis of an odd length fewer voxels become one.
    package func read(
        _ box: Box, channel: Int, from source: any VoxelSource, halving axes: Set<Axis>
    ) throws -> [UInt8] {
        let header = source.header
        var larger = box
        for axis in axes {
            larger.origin[axis] = 2 * box.origin[axis]
            larger.extent[axis] = min(2 * box.extent[axis], header.extent[axis] - larger.origin[axis])
        }
        let before = try source.raw(larger, channel: channel)
        var voxels = [UInt8](repeating: 0, count: box.extent.voxels * header.element.size)
        try before.withUnsafeBytes { before in
            try voxels.withUnsafeMutableBytes { voxels in
                try header.element.run(
                    HalvingWork(
                        halving: self, axes: axes, source: before, from: larger.extent, target: voxels, to: box.extent))
            }
        }
        return voxels
    }
}

/// The halving of a box of numbers.
private struct HalvingWork: VoxelWork {
    let halving: Halving
    let axes: Set<Axis>
    let source: UnsafeRawBufferPointer
    let from: Extent
    let target: UnsafeMutableRawBufferPointer
    let to: Extent

    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) {
        let (values, results) = (source.bindMemory(to: Value.self), target.bindMemory(to: Value.self))
        let pairs = axes.contains(.x)
        for z in 0..<to.z {
            for y in 0..<to.y {
                let rows = indices(.z, of: z).flatMap { z in
                    indices(.y, of: y).map { y in
                        UnsafeBufferPointer(rebasing: values[(z * from.y + y) * from.x..<(z * from.y + y + 1) * from.x])
                    }
                }
                let row = (z * to.y + y) * to.x
                let result = UnsafeMutableBufferPointer(rebasing: results[row..<row + to.x])
                switch halving {
                case .mean: Value.writeMeans(of: rows, pairs: pairs, into: result)
                case .first: for x in 0..<to.x { result[x] = rows[0][pairs ? 2 * x : x] }
                }
            }
        }
    }

    /// The indices that become one.
    private func indices(_ axis: Axis, of index: Int) -> Range<Int> {
        axes.contains(axis) ? 2 * index..<min(2 * index + 2, from[axis]) : index..<index + 1
    }
}
