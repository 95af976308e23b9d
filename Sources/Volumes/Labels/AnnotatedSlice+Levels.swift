extension AnnotatedSlice {
    /// Writes what a coarser level shows of the slice to `bytes`, which holds a box of that level, x fastest.
    ///
    /// A voxel of the level stands for `factor` voxels of the volume along each axis. It gets the first label that the
    /// slice has in it, whichever voxel that is: the first voxel alone would lose most slices.
    package func paint(
        _ box: Box, of extent: Extent, factor: Extent, into bytes: UnsafeMutableRawBufferPointer
    ) throws(VolumeError) {
        let (rows, columns) = position.plane(in: extent)
        guard values.count == rows * columns else {
            throw .malformed(
                "the \(position) of this volume is \(rows)×\(columns); this one has \(values.count) values")
        }
        guard box.range(axis).contains(index / factor[axis]) else { return }
        let (down, across): (Axis, Axis) =
            switch axis {
            case .z: (.y, .x)
            case .y: (.z, .x)
            case .x: (.z, .y)
            }
        var place = Voxel.zero
        place[axis] = index / factor[axis] - box.origin[axis]
        for row in 0..<box.extent[down] {
            place[down] = row
            for column in 0..<box.extent[across] {
                let value = firstLabel(
                    rows: Self.range(box.origin[down] + row, factor[down], rows),
                    columns: Self.range(box.origin[across] + column, factor[across], columns), of: columns)
                guard value != AnnotatedSlice.unlabeled else { continue }
                place[across] = column
                bytes[(place.z * box.extent.y + place.y) * box.extent.x + place.x] = value
            }
        }
    }

    /// The indices that become one, as far as they are in the slice.
    private static func range(_ index: Int, _ factor: Int, _ count: Int) -> Range<Int> {
        min(index * factor, count)..<min((index + 1) * factor, count)
    }

    private func firstLabel(rows: Range<Int>, columns: Range<Int>, of width: Int) -> UInt8 {
        for row in rows {
            for value in values[row * width + columns.lowerBound..<row * width + columns.upperBound]
            where value != AnnotatedSlice.unlabeled { return value }
        }
        return AnnotatedSlice.unlabeled
    }
}
