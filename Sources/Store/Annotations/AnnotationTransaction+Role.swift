internal import Foundation
internal import GRDB
internal import Volumes

extension AnnotationTransaction {
    /// A slice that gets a role, with the slices that have to be made anew after it.
    struct RoleChange: Sendable {
        let slice: AnnotationRecord
        let role: AnnotationRole
        let followers: [AnnotationRecord]
    }

    /// What another role of a slice changes; `notFound` if it is not annotated.
    func roleChange(
        at position: SlicePosition, to role: AnnotationRole, _ ifRevision: Int64?, most: Int
    ) throws -> RoleChange {
        try check(position)
        try check(position, isAt: ifRevision)
        guard let slice = try last(position), !slice.cleared else {
            throw StoreError.notFound("annotation of \(position)")
        }
        // The labels stay as they are where slices cross: those that were newer stay newer.
        let followers = slice.role == role ? [] : try followers(of: [slice], without: [position], most: most)
        return RoleChange(slice: slice, role: role, followers: followers)
    }

    /// Stores a new role, unless the slice has it.
    func store(_ change: RoleChange, author: String?) throws -> AnnotationRecord {
        guard change.slice.role != change.role else { return change.slice }
        let stored = try insert(change.slice, author: author, role: change.role)
        for follower in change.followers {
            _ = try insert(follower, author: author, restored: follower.revision, change: stored.revision)
        }
        return stored
    }

    /// Stores the labels of a revision as a new one.
    private func insert(
        _ record: AnnotationRecord, author: String?, restored: Int64? = nil, role: AnnotationRole? = nil,
        change: Int64? = nil
    ) throws -> AnnotationRecord {
        try NewRevision.insert(
            database, volume: volume, record.position, author: author, restored: restored, role: role, change: change,
            labels: Self.labels(of: record.revision, database), counts: record.counts)
    }
}
