internal import Foundation
internal import GRDB
internal import Volumes

/// A revision about to be stored.
struct Posting {
    let shape: SliceShape
    /// `nil` takes the annotation away.
    let values: [UInt8]?
    let author: String?
    var restored: Int64?
    /// The voxels where a crossing slice says otherwise.
    var conflicts: [Bool] = []

    func insert(_ database: Database, volume: Int64) throws -> AnnotationRecord {
        let labels = values.map { Data(BrickCodec.encode($0, element: .uint8)) }
        try database.execute(
            sql: """
                INSERT INTO annotation (volume, axis, slice, author, created, restored, labels, counts)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                volume, shape.axis.rawValue, shape.index, author, Date(), restored, labels,
                try Store.text(of: Self.counts(values ?? [])),
            ])
        let row = try Row.fetchOne(
            database, sql: "SELECT \(AnnotationRecord.columns) FROM annotation WHERE revision = ?",
            arguments: [database.lastInsertedRowID])
        guard let row else { throw StoreError.failed("a revision vanished") }
        return try AnnotationRecord(row: row)
    }

    private static func counts(_ values: [UInt8]) -> [Int: Int] {
        var counts = [Int](repeating: 0, count: 256)
        for value in values { counts[Int(value)] += 1 }
        return Dictionary(uniqueKeysWithValues: counts.enumerated().filter { $1 > 0 }.map { ($0, $1) })
    }
}
