/// The position of a voxel, counted from 0.
package struct Voxel: Codable, Hashable, Sendable {
    package var z: Int
    package var y: Int
    package var x: Int

    package init(z: Int, y: Int, x: Int) {
        self.z = z
        self.y = y
        self.x = x
    }

    package static let zero = Voxel(z: 0, y: 0, x: 0)

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
}
