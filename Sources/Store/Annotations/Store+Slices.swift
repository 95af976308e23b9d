internal import Foundation
internal import GRDB
package import Volumes

/// The annotations that training takes.
extension Store {
    /// The current slices and their revisions as they were at one moment, oldest first.
    package func annotatedSlices(
        volume: Int64
    ) async throws -> [(record: AnnotationRecord, slice: AnnotatedSlice)] {
        try await read { try Self.annotatedSlices($0, volume) }
    }

    @Sendable private static func annotatedSlices(
        _ database: Database, _ volume: Int64
    ) throws -> [(record: AnnotationRecord, slice: AnnotatedSlice)] {
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
            let shape = try annotated.shape(record.axis, record.index)
            let values = try AnnotationTransaction.unpack(row["labels"], shape)
            slices.append((record, AnnotatedSlice(axis: record.axis, index: record.index, values: values)))
        }
        return slices
    }
}
