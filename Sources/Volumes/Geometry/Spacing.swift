/// The distance between neighbouring voxels along each axis.
package struct Spacing: Codable, Hashable, Sendable {
    package var z: Double
    package var y: Double
    package var x: Double
    /// The unit's name, "micrometer" or "millimeter" for instance; `nil` if not given.
    package var unit: String?

    package init(z: Double = 1, y: Double = 1, x: Double = 1, unit: String? = nil) {
        self.z = z
        self.y = y
        self.x = x
        self.unit = unit
    }

    /// Whether a text can be written as a unit in the header of any format: 1 to 40 characters, none of them a control
    /// character, a double quote or a backslash.
    package static func isUnit(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return (1...40).contains(scalars.count)
            && scalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\"" && $0 != "\\" }
    }

    /// The lengths with which computations stay in the range of a double, and of a float.
    static let range = 1e-30...1e30

    /// Throws unless every length is in the range.
    func checkRange() throws(VolumeError) {
        for axis in Axis.allCases where !Spacing.range.contains(self[axis]) {
            throw Self.outOfRange("the spacing along \(axis) is \(self[axis])")
        }
    }

    static func outOfRange(_ found: String) -> VolumeError {
        .malformed(
            "\(found); lengths of \(range.lowerBound) to \(range.upperBound) are supported: mend the file, "
                + "or say the spacing with spacing=z,y,x, which then goes for the file's")
    }

    /// Converts a length from voxels of the finest axis to voxels of each axis: z, y, x.
    package func voxels(of length: Double) -> [Double] {
        let sizes = [z, y, x].map { $0 > 0 ? $0 : 1 }
        let finest = sizes.min() ?? 1
        return sizes.map { length * finest / $0 }
    }

    package subscript(axis: Axis) -> Double {
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
