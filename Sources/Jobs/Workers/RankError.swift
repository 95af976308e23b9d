/// Why processes that train together do not begin.
package enum RankError: Error, Hashable, CustomStringConvertible {
    /// Another one lacks what the training needs.
    case unready

    package var description: String { "another rank did not get what the training needs; it has printed why" }
}
