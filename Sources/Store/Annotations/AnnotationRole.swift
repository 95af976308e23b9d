/// What an annotated slice is for.
package enum AnnotationRole: String, CaseIterable, Codable, Hashable, Sendable {
    /// Trainings learn from it.
    case train
    /// Nothing is ever learned from it: reports measure on it.
    case test
}
