/// Where a slice lies in a volume: the axis that its plane is normal to, and its index there, counted from 0.
package struct SlicePosition: Codable, Hashable, Sendable, CustomStringConvertible {
    package var axis: Axis
    package var index: Int

    package init(_ axis: Axis, _ index: Int) {
        self.axis = axis
        self.index = index
    }

    /// As messages name it.
    package var description: String { "slice \(index) on axis \(axis.rawValue)" }

    /// What to say where a volume of this extent has no such slice; `nil` where it has.
    package func absence(from extent: Extent) -> String? {
        guard !(0..<extent[axis]).contains(index) else { return nil }
        return Self.absence("\(index)", on: axis, from: extent)
    }

    /// The same of what was given for an index and is none.
    package static func absence(_ index: String, on axis: Axis, from extent: Extent) -> String {
        "there is no slice \(index) on axis \(axis.rawValue) of this volume; the slices are 0 to \(extent[axis] - 1)"
    }
}

extension SlicePosition {
    /// Rows and columns of the plane in a volume.
    package func plane(in extent: Extent) -> (rows: Int, columns: Int) { extent.slice(on: axis) }

    /// The voxels of the plane in a volume.
    package func voxels(in extent: Extent) -> Int {
        let (rows, columns) = plane(in: extent)
        return rows * columns
    }
}
