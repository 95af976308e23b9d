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
        self.init(classes: [Bool](repeating: true, count: min(max(classCount, 0), 255)))
    }

    /// Values are indices of the classes that are there, at most 255, and 255 is unlabeled.
    package init(classes isThere: [Bool]) {
        let indices = isThere.prefix(255).enumerated().filter(\.element).map { (Int64($0.offset), UInt8($0.offset)) }
        classes = Dictionary(uniqueKeysWithValues: indices + [(255, AnnotatedSlice.unlabeled)])
    }
}
