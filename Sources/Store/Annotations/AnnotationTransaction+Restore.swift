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
    func revisions(before change: Int64, most: Int) throws -> [PackedRevision] {
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
                cleared.append(PackedRevision(clearing: record.position, restored: before?.revision))
            }
        }
        restored += try followers(of: restored, without: Set(records.map(\.position)), most: most)
        return cleared
            + restored.sorted { $0.revision < $1.revision }.map { record in
                PackedRevision(position: record.position, counts: record.counts, restored: record.revision) {
                    try Self.labels(of: record.revision, $0)
                }
            }
    }

    /// The current slices, oldest first, that must be made anew after older ones are, since they are newer and differ
    /// from them where they cross, or from one another.
    func followers(
        of older: [AnnotationRecord], without positions: Set<SlicePosition>, most: Int
    ) throws -> [AnnotationRecord] {
        let oldest = older.map(\.revision).min() ?? .max
        let standing = try current().filter { $0.revision > oldest && !positions.contains($0.position) }
        var followers: [AnnotationRecord] = []
        for part in PackedRevision.parts(of: standing.map(\.position), in: extent, most: most) {
            // What is older than each is put in before it is compared.
            var crossing = CrossingPlanes(of: Set(standing[part].map(\.position)), in: extent)
            var sources = (older + followers).sorted { $0.revision < $1.revision }[...]
            for record in standing[part] {
                while let source = sources.first, source.revision < record.revision {
                    sources.removeFirst()
                    guard crossing.areCrossed(by: source.position) else { continue }
                    try put(slice(of: source), at: source.position, revision: source.revision, into: &crossing)
                }
                guard !crossing.areEmpty else { continue }
                let slice = try slice(of: record)
                guard crossing.conflicts(of: slice) > 0 else { continue }
                followers.append(record)
                put(slice, at: record.position, revision: record.revision, into: &crossing)
            }
        }
        return followers
    }

    private func slice(of record: AnnotationRecord) throws -> AnnotatedSlice {
        try slice(at: record.position, unpacking: Self.labels(of: record.revision, database))
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

    static func labels(of revision: Int64, _ database: Database) throws -> [UInt8] {
        let labels = try Data.fetchOne(
            database, sql: "SELECT labels FROM annotation WHERE revision = ?", arguments: [revision])
        return labels.map { [UInt8]($0) } ?? []
    }
}
