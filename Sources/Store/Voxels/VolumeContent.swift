internal import Foundation
internal import GRDB
internal import Volumes

/// The content of a volume to be stored: its voxels and what describes them.
struct VolumeContent {
    let header: VolumeHeader
    let grid: VoxelGridID
    let statistics: [ChannelStatistics]
    let sha256: String
    let bytes: Int

    func insert(_ database: Database, project: Int64, name: String) throws -> VolumeRecord {
        _ = try ProjectRecord.fetch(database, id: project)
        _ = try Store.freeGrid(database, grid)
        try database.execute(
            sql: """
                INSERT INTO volume (project, name, z, y, x, header, image, statistics, sha256, bytes, created)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                project, name, header.extent.z, header.extent.y, header.extent.x, try StoredJSON.encode(header),
                grid.rawValue, try StoredJSON.encode(statistics), sha256, bytes, Date(),
            ])
        return try VolumeRecord.fetch(database, id: database.lastInsertedRowID)
    }

    /// What such a file would do to the volume of its name, `nil` if there is none; throws a conflict if it may not.
    static func change(
        of old: VolumeRecord?, named name: String, to header: VolumeHeader, sha256: String, replace: Bool,
        _ database: Database
    ) throws -> VolumeChange {
        guard let old else { return .created }
        if old.sha256 == sha256, old.header.isSame(as: header) { return .same }
        guard replace else {
            throw StoreError.conflict(
                "volume \"\(name)\" exists already with other content; replace=true replaces it")
        }
        if header.extent != old.header.extent {
            let revisions = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM annotation WHERE volume = ?", arguments: [old.id])
            guard revisions == 0, old.truth == nil else {
                throw StoreError.conflict(
                    "volume \"\(old.name)\" has annotations or a truth of \(old.header.extent.words) voxels and "
                        + "can't become \(header.extent.words); delete it first or send a volume of that shape")
            }
        }
        return .replaced
    }

    func replace(_ old: VolumeRecord, _ database: Database) throws -> VolumeRecord {
        _ = try Store.freeGrid(database, grid)
        try database.execute(sql: "DELETE FROM prediction WHERE volume = ?", arguments: [old.id])
        try database.execute(
            sql: """
                UPDATE volume SET z = ?, y = ?, x = ?, header = ?, image = ?, statistics = ?, sha256 = ?, bytes = ?
                WHERE id = ?
                """,
            arguments: [
                header.extent.z, header.extent.y, header.extent.x, try StoredJSON.encode(header), grid.rawValue,
                try StoredJSON.encode(statistics), sha256, bytes, old.id,
            ])
        return try VolumeRecord.fetch(database, id: old.id)
    }
}
