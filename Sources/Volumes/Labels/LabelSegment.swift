/// A named part of a label file, as 3D Slicer saves it.
package struct LabelSegment: Hashable, Sendable {
    package var name: String
    /// The number that its voxels have.
    package var value: Int64
    /// Whether that is its place in the file, counted from 1, as its layers have the same numbers for several segments.
    package var isCounted: Bool

    package init(name: String, value: Int64, isCounted: Bool = false) {
        self.name = name
        self.value = value
        self.isCounted = isCounted
    }
}

extension [LabelSegment] {
    /// As messages name them.
    package var list: String {
        prefix(20).map { "\($0.value) (\($0.name.prefix(80)))" }.joined(separator: ", ") + (count > 20 ? ", …" : "")
    }
}
