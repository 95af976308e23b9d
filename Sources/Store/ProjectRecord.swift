package import Foundation

/// A set of classes shared by volumes and models.
package struct ProjectRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    package let name: String
    package let description: String
    /// Label value `i` is class `i`.
    package let classes: [ClassRecord]
    package let created: Date
}
