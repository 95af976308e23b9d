internal import Foundation
internal import GRDB
package import Volumes

/// Changes of many slices at once: all or none, and taken back together.
///
/// Each is `nil`, and stores nothing, if `basis` is given and is not the volume's current revisions, oldest first.
extension Store {
    /// Stores revisions of slices, in the order given; a slice without a labelled voxel clears its position.
    ///
    /// Memory does not grow with their number. A trial stores nothing.
    package func changeAnnotations(
        volume: Int64, _ spooled: SpooledSlices, basis: [Int64]? = nil, author: String? = nil, isTrial: Bool = false
    ) async throws -> AnnotationChange? {
        try await change(volume: volume, basis: basis, author: author, isTrial: isTrial) { annotated in
            try annotated.revisions(of: spooled)
        }
    }

    /// Clears every annotated slice.
    package func clearAnnotations(
        volume: Int64, basis: [Int64]? = nil, author: String? = nil, isTrial: Bool = false
    ) async throws -> AnnotationChange? {
        try await change(volume: volume, basis: basis, author: author, isTrial: isTrial) { annotated in
            try annotated.current().map { record in PackedRevision(position: record.position, counts: [:]) { [] } }
        }
    }

    /// Brings the slices of a change back to what they were before it; it is a conflict if one has moved on since.
    ///
    /// `change` is any revision of the call that made it.
    package func restoreChange(
        volume: Int64, _ change: Int64, basis: [Int64]? = nil, author: String? = nil
    ) async throws -> AnnotationChange? {
        try await self.change(volume: volume, basis: basis, author: author) { annotated in
            try annotated.revisions(before: change)
        }
    }

    private func change(
        volume: Int64, basis: [Int64]?, author: String?, isTrial: Bool = false,
        _ revisions: @escaping @Sendable (AnnotationTransaction) throws -> [PackedRevision]
    ) async throws -> AnnotationChange? {
        try await write { database in
            let annotated = try AnnotationTransaction(database, volume: volume)
            if let basis, try annotated.current().map(\.revision) != basis { return nil }
            var change = AnnotationChange(revisions: [])
            try database.inSavepoint {
                change = AnnotationChange(revisions: try annotated.store(try revisions(annotated), author: author))
                return isTrial ? .rollback : .commit
            }
            return change
        }
    }
}
