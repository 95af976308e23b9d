/// A class of a project; its index in the list is the label value.
package struct ClassRecord: Codable, Hashable, Sendable {
    /// 1 to 100 characters, unique in its project, never "unlabeled".
    package var name: String
    /// `#rrggbb`.
    package var color: String

    package init(name: String, color: String) {
        self.name = name
        self.color = color
    }
}
