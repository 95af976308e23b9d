internal import Foundation
internal import GRDB
internal import Volumes

extension AnnotationTransaction {
    /// The current revisions of all annotated slices, oldest first.
    func current() throws -> [AnnotationRecord] { try Store.currentAnnotations(database, volume) }

    /// What the slices of a change were before it, in the order in which they were made then.
    ///
    /// A slice that is not of the change, but was made after one that is and differs from it where they cross, is made
    /// anew after it: the newer one counts, and it must be the same one as before.
    func revisions(before change: Int64) throws -> [PackedRevision] {
        let records = try records(of: change)
        guard !records.isEmpty else { throw StoreError.notFound("change \(change) of this volume's annotations") }
        var cleared: [PackedRevision] = []
        var restored: [AnnotationRecord] = []
        for record in records {
            if let later = try last(record.position), later.revision != record.revision {
                throw StoreError.conflict(
                    "\(record.position) has moved on to \(later.signature) since the change \(record.change); "
                        + "restore its slices one by one")
            }
            let before = try before(record)
            if let before, !before.cleared {
                restored.append(before)
            } else {
                cleared.append(
                    PackedRevision(position: record.position, counts: [:], restored: before?.revision) { [] })
            }
        }
        restored += try followers(of: restored, without: Set(records.map(\.position)))
        return cleared
            + restored.sorted { $0.revision < $1.revision }.map { record in
                PackedRevision(position: record.position, counts: record.counts, restored: record.revision) {
                    try labels(of: record.revision)
                }
            }
    }

    /// The current slices, oldest first, that must be made anew after older ones are, since they are newer and differ
    /// from them where they cross, or from one another.
    func followers(of older: [AnnotationRecord], without positions: Set<SlicePosition>) throws -> [AnnotationRecord] {
        var followers: [AnnotationRecord] = []
        for standing in try current() where !positions.contains(standing.position) {
            if try (older + followers).contains(where: { try differs(standing, fromOlder: $0) }) {
                followers.append(standing)
            }
        }
        return followers
    }

    /// The revisions of the call that made one of them.
    private func records(of change: Int64) throws -> [AnnotationRecord] {
        try Row.fetchAll(
            database,
            sql: """
                WITH call AS (SELECT coalesce(change, revision) AS first FROM annotation WHERE revision = ?)
                SELECT \(AnnotationRecord.columns) FROM annotation
                WHERE volume = ? AND (revision = (SELECT first FROM call) OR change = (SELECT first FROM call))
                ORDER BY revision
                """, arguments: [change, volume]
        ).map(AnnotationRecord.init(row:))
    }

    /// The revision of the same slice before this one.
    private func before(_ record: AnnotationRecord) throws -> AnnotationRecord? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT \(AnnotationRecord.columns) FROM annotation
                WHERE volume = ? AND axis = ? AND slice = ? AND revision < ? ORDER BY revision DESC LIMIT 1
                """, arguments: [volume, record.axis.rawValue, record.index, record.revision]
        ).map(AnnotationRecord.init(row:))
    }

    private func differs(_ record: AnnotationRecord, fromOlder older: AnnotationRecord) throws -> Bool {
        guard older.revision < record.revision, older.axis != record.axis else { return false }
        let (mine, other) = try (
            slice(at: record.position, unpacking: labels(of: record.revision)),
            slice(at: older.position, unpacking: labels(of: older.revision))
        )
        var marks = [Bool](repeating: false, count: mine.values.count)
        mine.markConflicts(with: other, in: extent, &marks)
        return marks.contains(true)
    }

    func labels(of revision: Int64) throws -> [UInt8] {
        let labels = try Data.fetchOne(
            database, sql: "SELECT labels FROM annotation WHERE revision = ?", arguments: [revision])
        return labels.map { [UInt8]($0) } ?? []
    }
}
