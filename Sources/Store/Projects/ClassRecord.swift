/// A class of a project; its index in the list is the label value.
package struct ClassRecord: Codable, Hashable, Sendable {
    /// 1 to 100 characters, unique in its project, never "unlabeled".
    package var name: String
    /// `#rrggbb`.
    package var color: String
    /// Whether only earlier revisions and models have it: it keeps its value, but nothing is labelled with it.
    package var isRemoved: Bool

    package init(name: String, color: String, isRemoved: Bool = false) {
        self.name = name
        self.color = color
        self.isRemoved = isRemoved
    }
}
