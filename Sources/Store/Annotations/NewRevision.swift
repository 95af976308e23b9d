internal import Foundation
internal import GRDB
internal import Volumes

/// A revision to be stored.
struct NewRevision {
    let position: SlicePosition
    /// `nil` clears the annotation.
    let slice: AnnotatedSlice?
    let author: String?
    var restored: Int64?
    /// What the slice is for; `nil` leaves it as it was.
    var role: AnnotationRole?

    init(_ slice: AnnotatedSlice, author: String?) {
        self.init(at: slice.position, slice, author: author)
    }

    init(at position: SlicePosition, _ slice: AnnotatedSlice?, author: String?, restored: Int64? = nil) {
        self.position = position
        self.slice = slice
        self.author = author
        self.restored = restored
    }

    func insert(_ database: Database, volume: Int64) throws -> AnnotationRecord {
        try Self.insert(
            database, volume: volume, position, author: author, restored: restored,
            role: role, labels: slice.map { BrickCodec.encode($0.values, element: .uint8) },
            counts: Self.counts(slice?.values ?? []))
    }

    /// Stores a revision whose labels are already packed; `change` is the first revision of its call, if it isn't that.
    static func insert(
        _ database: Database, volume: Int64, _ position: SlicePosition, author: String?, restored: Int64? = nil,
        role: AnnotationRole? = nil, change: Int64? = nil, labels: [UInt8]?, counts: [Int: Int]
    ) throws -> AnnotationRecord {
        try database.execute(
            sql: """
                INSERT INTO annotation (volume, axis, slice, author, created, restored, change, labels, counts, role)
                VALUES (:volume, :axis, :slice, :author, :created, :restored, :change, :labels, :counts,
                    coalesce(:role, (
                        SELECT role FROM annotation WHERE volume = :volume AND axis = :axis AND slice = :slice
                        ORDER BY revision DESC LIMIT 1), 'train'))
                """,
            arguments: [
                "volume": volume, "axis": position.axis.rawValue, "slice": position.index, "author": author,
                "created": Date(), "restored": restored, "change": change, "labels": labels.map { Data($0) },
                "counts": try Store.text(of: counts), "role": role?.rawValue,
            ])
        let row = try Row.fetchOne(
            database, sql: "SELECT \(AnnotationRecord.columns) FROM annotation WHERE revision = ?",
            arguments: [database.lastInsertedRowID])
        guard let row else { throw StoreError.failed("the revision just stored can't be read") }
        return try AnnotationRecord(row: row)
    }

    private static func counts(_ values: [UInt8]) -> [Int: Int] {
        var counts = [Int](repeating: 0, count: 256)
        for value in values { counts[Int(value)] += 1 }
        return Dictionary(uniqueKeysWithValues: counts.enumerated().filter { $1 > 0 }.map { ($0, $1) })
    }
}
