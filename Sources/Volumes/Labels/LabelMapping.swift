/// The class of each value of a label file.
package struct LabelMapping: Hashable, Sendable {
    /// From a value to a class index, or to 255 for unlabeled.
    package let classes: [Int64: UInt8]

    /// Values that are not in the dictionary are errors.
    package init(_ classes: [Int64: UInt8]) {
        self.classes = classes
    }

    /// Values are class indices, and 255 is unlabeled.
    package init(classCount: Int) {
        let indices = (0..<min(max(classCount, 0), 255)).map { (Int64($0), UInt8($0)) }
        classes = Dictionary(uniqueKeysWithValues: indices + [(255, AnnotatedSlice.unlabeled)])
    }

    /// The classes of a slice's values; fails with the first value that is not a class and its row (y) and column (x).
    package func callAsFunction(_ values: [UInt8], columns: Int) throws(VolumeError) -> [UInt8] {
        let table = (0...255).map { classes[Int64($0)] }
        var result = values
        for index in result.indices {
            guard let label = table[Int(values[index])] else {
                let place = Voxel(z: 0, y: index / max(columns, 1), x: index % max(columns, 1))
                throw .unmappedLabel(value: Double(values[index]), at: place)
            }
            result[index] = label
        }
        return result
    }
}
