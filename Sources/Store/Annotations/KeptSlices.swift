internal import Foundation
internal import GRDB
internal import Volumes

/// What is kept in memory of the annotated slices of a volume.
struct KeptSlices: Sendable {
    private struct Slice: Sendable {
        let revision: Int64
        /// `nil` if the revision cleared the slice.
        let tiles: LabelTiles?
        var bytes: Int { tiles?.bytes ?? 0 }
    }

    /// Revisions, of whatever volumes, from which on the slices of the volume are listed anew.
    private static let many: Int64 = 2000

    /// The last revision of each slice, clearings included, as of the revision `seen` of whatever volume.
    private(set) var last: [SlicePosition: Int64] = [:]
    private(set) var seen: Int64 = 0
    private var slices: [SlicePosition: Slice] = [:]
    /// What the slices take.
    private(set) var bytes = 0

    /// Brings it to what the database says; `false` if that, as it is seen here, is older.
    mutating func update(_ volume: Int64, _ database: Database) throws -> Bool {
        // Never falls, also when the volumes of the last revisions are deleted.
        let now = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'annotation'") ?? 0
        guard seen < now else { return seen == now }
        // Those since then by their numbers alone, as the volume's may be many; or all by an index.
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT axis, slice, max(revision) FROM annotation
                WHERE \(seen > 0 && now - seen < Self.many ? "revision > ? AND +volume = ?" : "? >= 0 AND volume = ?")
                GROUP BY axis, slice
                """, arguments: [seen, volume])
        while let row = try rows.next() {
            let position = try SlicePosition(row: row)
            last[position] = row[2]
            if let slice = slices[position], slice.revision != last[position] {
                slices[position] = nil
                bytes -= slice.bytes
            }
        }
        seen = now
        return true
    }

    /// Reads the labels where a slice crosses another one; `nil` if it is not kept, in it `nil` if it is not annotated.
    func line(of position: SlicePosition) -> ((SlicePosition) -> [UInt8])?? {
        slices[position].map { slice in
            slice.tiles.map { tiles in { tiles.line($0.index, isRow: position.isRow(of: $0)) } }
        }
    }

    /// Keeps the last revision of a slice, `nil` for a clearing, unless all would take more than `limit` bytes.
    mutating func keep(_ labels: AnnotatedSlice?, at position: SlicePosition, in extent: Extent, limit: Int) {
        guard let revision = last[position], slices[position] == nil else { return }
        let (rows, columns) = position.plane(in: extent)
        let slice = Slice(
            revision: revision, tiles: labels.flatMap { LabelTiles($0.values, rows: rows, columns: columns) })
        guard labels == nil || slice.tiles != nil, bytes + slice.bytes <= limit else { return }
        slices[position] = slice
        bytes += slice.bytes
    }
}
