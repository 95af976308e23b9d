package import Foundation
internal import GRDB
package import Volumes

/// One revision of a slice's annotation.
package struct AnnotationRecord: Hashable, Identifiable, Sendable {
    /// Increases over all volumes and projects and is never reused.
    package let revision: Int64
    /// The volume's `id`.
    package let volume: Int64
    package let position: SlicePosition
    package let author: String?
    package let created: Date
    /// Whether this revision cleared the annotation; then `counts` is empty.
    package let cleared: Bool
    /// The revision that this one restored.
    package let restored: Int64?
    /// What the slice is for since this revision; a later one keeps it unless it says otherwise.
    package let role: AnnotationRole
    /// The first revision of the call that made this one; itself where it is the only one.
    package let change: Int64
    /// Voxels by value, 255 (unlabeled) included, zeros left out.
    package let counts: [Int: Int]

    package var id: Int64 { revision }
    package var axis: Axis { position.axis }
    package var index: Int { position.index }

    /// The revision with its author and time, for messages.
    package var signature: String {
        "revision \(revision)\(author.map { " by \($0)" } ?? "") of \(created.formatted(.iso8601))"
    }
}

extension AnnotationRecord {
    /// The columns of a record: all but the labels.
    static let columns = """
        revision, volume, axis, slice, author, created, restored, coalesce(change, revision) AS change,
        labels IS NULL AS cleared, role, counts
        """

    init(row: Row) throws {
        guard let role = AnnotationRole(rawValue: row["role"]) else {
            throw StoreError.corrupt("an annotation without a role")
        }
        self.init(
            revision: row["revision"], volume: row["volume"], position: try SlicePosition(row: row),
            author: row["author"], created: row["created"], cleared: row["cleared"], restored: row["restored"],
            role: role, change: row["change"], counts: try Store.counts(from: row["counts"]))
    }
}

extension SlicePosition {
    /// From the columns `axis` and `slice`.
    init(row: Row) throws {
        guard let axis = Axis(rawValue: row["axis"]) else { throw StoreError.corrupt("an annotation without an axis") }
        self.init(axis, row["slice"])
    }
}
