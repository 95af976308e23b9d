package import Volumes

extension AnnotatedSlice {
    /// The voxel of an index into `values`, in a volume of this extent.
    func voxel(at offset: Int, extent: Extent) -> Voxel { position.voxel(at: offset, in: extent) }

    /// Sets the voxels that a plane shares with the slice to unlabeled: a line if the planes cross, all if they are
    /// equal, none if they are parallel.
    ///
    /// `where` selects among them; by default all.
    package mutating func clear(
        plane other: SlicePosition, extent: Extent, where condition: (Voxel) -> Bool = { _ in true }
    ) {
        guard other.axis != axis || other.index == index else { return }
        let (rows, columns) = position.plane(in: extent)
        let rowAxis: Axis = axis == .z ? .y : .z
        let columnAxis: Axis = axis == .x ? .y : .x
        var rowRange = 0..<rows
        var columnRange = 0..<columns
        if other.axis == rowAxis { rowRange = other.index..<other.index + 1 }
        if other.axis == columnAxis { columnRange = other.index..<other.index + 1 }
        for row in rowRange where row < rows {
            for column in columnRange where column < columns {
                let place = row * columns + column
                if condition(voxel(at: place, extent: extent)) { values[place] = AnnotatedSlice.unlabeled }
            }
        }
    }

    /// The slice's label of a voxel, which must lie in its plane.
    package func value(at voxel: Voxel, extent: Extent) -> UInt8 {
        let columns = extent.slice(on: axis).columns
        return switch axis {
        case .z: values[voxel.y * columns + voxel.x]
        case .y: values[voxel.z * columns + voxel.x]
        case .x: values[voxel.z * columns + voxel.y]
        }
    }
}

extension SlicePosition {
    /// The voxel of an index into the plane's rows × columns, in a volume of this extent.
    func voxel(at offset: Int, in extent: Extent) -> Voxel {
        let (row, column) = offset.quotientAndRemainder(dividingBy: Swift.max(plane(in: extent).columns, 1))
        return switch axis {
        case .z: Voxel(z: index, y: row, x: column)
        case .y: Voxel(z: row, y: index, x: column)
        case .x: Voxel(z: row, y: column, x: index)
        }
    }
}

extension [AnnotatedSlice] {
    /// The slices, oldest first, with every voxel labelled only in the newest slice that labels it.
    func settled(extent: Extent) -> [AnnotatedSlice] {
        indices.map { place in
            var slice = self[place]
            for newer in self[(place + 1)...] {
                slice.clear(plane: newer.position, extent: extent) {
                    newer.value(at: $0, extent: extent) != AnnotatedSlice.unlabeled
                }
            }
            return slice
        }
    }

    /// Throws if a slice does not fit the volume or has a value that is not a class.
    func validate(extent: Extent, classes: Int, volume name: String) throws(TrainingError) {
        for slice in self {
            let place = "\(name): \(slice.position)"
            if let absence = slice.position.absence(from: extent) { throw .mismatch("\(name): \(absence).") }
            let (rows, columns) = slice.position.plane(in: extent)
            guard slice.values.count == rows * columns else {
                throw .mismatch("\(place) is \(rows)×\(columns); \(slice.values.count) values were given.")
            }
            if let value = slice.values.first(where: { $0 != AnnotatedSlice.unlabeled && Int($0) >= classes }) {
                throw .mismatch("\(place) has the value \(value); the classes are 0 to \(classes - 1).")
            }
        }
    }
}
