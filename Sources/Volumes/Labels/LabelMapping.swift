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

extension LabelMapping {
    /// Of colours as `Color.number`, with a class for what is transparent.
    package func with(transparent: UInt8) -> LabelMapping {
        LabelMapping(classes.merging([Color.transparent: transparent]) { $1 })
    }

    /// Of a palette's indices, where these classes are those of colours.
    package func indices(of palette: [Color?]) -> LabelMapping {
        let pairs = palette.enumerated().compactMap { index, color in
            classes[color?.number ?? Color.transparent].map { (Int64(index), $0) }
        }
        return LabelMapping(Dictionary(uniqueKeysWithValues: pairs))
    }

    /// Of gray colours, where these classes are those of the numbers 0 to 255.
    package var grays: LabelMapping {
        let pairs = (0...255).compactMap { gray in classes[gray].map { (gray << 16 | gray << 8 | gray, $0) } }
        return LabelMapping(Dictionary(uniqueKeysWithValues: pairs))
    }
}
