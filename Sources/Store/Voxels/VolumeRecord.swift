package import Foundation
internal import GRDB
package import Volumes

/// An image in a project.
package struct VolumeRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    /// The project's `id`.
    package let project: Int64
    package let name: String
    /// The header of the image.
    package let header: VolumeHeader
    package let image: VoxelGridID
    /// A dense ground truth: one channel of uint8 on the same grid.
    package let truth: VoxelGridID?
    /// Statistics of each channel.
    package let statistics: [ChannelStatistics]
    /// The SHA-256 of the uploaded file, in lower-case hexadecimal digits.
    package let sha256: String
    /// The size of the uploaded file.
    package let bytes: Int
    package let created: Date
}

extension VolumeRecord {
    init(row: Row) throws {
        let truth: Int64? = row["truth"]
        self.init(
            id: row["id"], project: row["project"], name: row["name"],
            header: try StoredJSON.decode(from: row["header"]), image: VoxelGridID(row["image"]),
            truth: truth.map(VoxelGridID.init),
            statistics: try StoredJSON.decode(from: row["statistics"]), sha256: row["sha256"], bytes: row["bytes"],
            created: row["created"])
    }

    static func find(_ database: Database, project: Int64, name: String) throws -> VolumeRecord? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM volume WHERE project = ? AND name = ?", arguments: [project, name]
        ).map(VolumeRecord.init(row:))
    }

    static func fetch(_ database: Database, id: Int64) throws -> VolumeRecord {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM volume WHERE id = ?", arguments: [id]) else {
            throw StoreError.notFound("such volume any more")
        }
        return try VolumeRecord(row: row)
    }
}
