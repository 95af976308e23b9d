/// How many voxels a volume, patch or tile has along each axis.
package struct Extent: Codable, Hashable, Sendable {
    package var z: Int
    package var y: Int
    package var x: Int

    package init(z: Int, y: Int, x: Int) {
        self.z = z
        self.y = y
        self.x = x
    }

    /// The number of voxels of one channel.
    package var voxels: Int { z * y * x }

    package subscript(axis: Axis) -> Int {
        get {
            switch axis {
            case .z: z
            case .y: y
            case .x: x
            }
        }
        set {
            switch axis {
            case .z: z = newValue
            case .y: y = newValue
            case .x: x = newValue
            }
        }
    }

    /// Rows and columns of a slice: (y, x) on z, (z, x) on y, (z, y) on x.
    package func slice(on axis: Axis) -> (rows: Int, columns: Int) {
        switch axis {
        case .z: (y, x)
        case .y: (z, x)
        case .x: (z, y)
        }
    }
}
