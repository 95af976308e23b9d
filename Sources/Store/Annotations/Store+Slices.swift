internal import Foundation
internal import GRDB
package import Volumes

/// The annotations that trainings and reports read.
extension Store {
    /// The current slices and their revisions, oldest first, read in one transaction.
    package func annotatedSlices(
        volume: Int64
    ) async throws -> [(record: AnnotationRecord, slice: AnnotatedSlice)] {
        try await read { database in
            let annotated = try AnnotationTransaction(database, volume: volume)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(AnnotationRecord.columns), labels FROM current_annotation WHERE volume = ?
                    ORDER BY revision
                    """, arguments: [volume])
            var slices: [(record: AnnotationRecord, slice: AnnotatedSlice)] = []
            while let row = try rows.next() {
                let record = try AnnotationRecord(row: row)
                slices.append((record, try annotated.slice(at: record.position, unpacking: row["labels"] as Data)))
            }
            return slices
        }
    }

    /// The current revisions of several volumes, oldest first for each volume, read in one transaction.
    package func currentAnnotations(volumes: [Int64]) async throws -> [[AnnotationRecord]] {
        try await read { database in try volumes.map { try Self.currentAnnotations(database, $0) } }
    }

    static func currentAnnotations(_ database: Database, _ volume: Int64) throws -> [AnnotationRecord] {
        try Row.fetchAll(
            database,
            sql: "SELECT \(AnnotationRecord.columns) FROM current_annotation WHERE volume = ? ORDER BY revision",
            arguments: [volume]
        ).map(AnnotationRecord.init(row:))
    }

    /// Volumes with the slices of the given revisions, in the order given, read in one transaction.
    ///
    /// `notFound` if a volume or revision does not exist, or if a revision cleared its slice.
    package func slices(
        of volumes: [(id: Int64, revisions: [Int64])]
    ) async throws -> [(volume: VolumeRecord, slices: [AnnotatedSlice])] {
        try await read { database in
            try volumes.map { id, revisions in
                let volume = try VolumeRecord.fetch(database, id: id)
                let known = try Self.slices(database, of: volume, revisions)
                return (
                    volume,
                    try revisions.map { revision in
                        guard let slice = known[revision] else {
                            throw StoreError.notFound("annotation with revision \(revision)")
                        }
                        return slice
                    }
                )
            }
        }
    }

    private static func slices(
        _ database: Database, of volume: VolumeRecord, _ revisions: [Int64]
    ) throws -> [Int64: AnnotatedSlice] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT revision, axis, slice, labels FROM annotation
                WHERE volume = ? AND labels IS NOT NULL AND revision IN (SELECT value FROM json_each(?))
                """, arguments: [volume.id, try StoredJSON.encode(revisions)])
        var slices: [Int64: AnnotatedSlice] = [:]
        while let row = try rows.next() {
            slices[row["revision"]] = try AnnotatedSlice(
                at: SlicePosition(row: row), unpacking: row["labels"] as Data, in: volume.header.extent)
        }
        return slices
    }
}
