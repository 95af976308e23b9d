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
            try annotated.current().map { PackedRevision(clearing: $0.position) }
        }
    }

    /// Brings the slices of a change back to what they were before it; it is a conflict if one has moved on since.
    ///
    /// `change` is any revision of the call that made it.
    package func restoreChange(
        volume: Int64, _ change: Int64, basis: [Int64]? = nil, author: String? = nil
    ) async throws -> AnnotationChange? {
        let most = options.comparedBytes
        return try await self.change(volume: volume, basis: basis, author: author) { annotated in
            try annotated.revisions(before: change, most: most)
        }
    }

    private func change(
        volume: Int64, basis: [Int64]?, author: String?, isTrial: Bool = false,
        _ revisions: @escaping @Sendable (AnnotationTransaction) throws -> [PackedRevision]
    ) async throws -> AnnotationChange? {
        let (unpacked, most) = (crossings.unpacked, options.comparedBytes)
        return try await change(annotationsOf: volume, isShared: false) {
            try await counted(volume: volume, basis: basis, revisions)
        } make: { annotated, known in
            if let basis, try annotated.current().map(\.revision) != basis { return nil }
            let counted: CountedRevisions
            if let known {
                counted = known
            } else {
                let revisions = try revisions(annotated)
                counted = CountedRevisions(
                    revisions: revisions,
                    conflicts: try annotated.conflicts(of: revisions, unpacked: unpacked, most: most))
            }
            var change = AnnotationChange(revisions: [])
            try annotated.database.inSavepoint {
                change = AnnotationChange(revisions: try annotated.store(counted, author: author))
                return isTrial ? .rollback : .commit
            }
            return change
        }
    }

    /// The revisions of a change and their conflicts, as of a state of the volume's slices; none if they are not those of
    /// the basis.
    private func counted(
        volume: Int64, basis: [Int64]?,
        _ revisions: @escaping @Sendable (AnnotationTransaction) throws -> [PackedRevision]
    ) async throws -> (found: CountedRevisions, state: AnnotationState) {
        let (all, before) = try await read { database in
            let annotated = try AnnotationTransaction(database, volume: volume)
            let state = try annotated.state()
            if let basis, try annotated.current().map(\.revision) != basis { return ([PackedRevision](), state) }
            return (try revisions(annotated), state)
        }
        var (state, conflicts) = (before, [Int]())
        let replaced = Set(all.map(\.position))
        for part in PackedRevision.parts(of: all.map(\.position), in: state.extent, most: options.comparedBytes) {
            let planes = try await crossings.planes(of: Set(all[part].map(\.position)), without: replaced, in: volume)
            conflicts += try await read { database in
                try AnnotationTransaction(database, volume: volume).conflicts(of: part, in: all, crossing: planes)
            }
            state.revision = min(state.revision, planes.revision)
        }
        return (CountedRevisions(revisions: all, conflicts: conflicts), state)
    }
}
