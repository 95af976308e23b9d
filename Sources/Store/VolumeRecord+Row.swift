internal import GRDB
internal import Volumes

extension VolumeRecord {
    init(row: Row) throws {
        let truth: Int64? = row["truth"]
        self.init(
            id: row["id"], project: row["project"], name: row["name"],
            header: try JSONText.decode(from: row["header"]), image: GridID(row["image"]),
            truth: truth.map(GridID.init),
            statistics: try JSONText.decode(from: row["statistics"]), sha256: row["sha256"], bytes: row["bytes"],
            created: row["created"])
    }

    static func find(_ database: Database, project: Int64, name: String) throws -> VolumeRecord? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM volume WHERE project = ? AND name = ?", arguments: [project, name]
        ).map(VolumeRecord.init(row:))
    }

    static func fetch(_ database: Database, id: Int64) throws -> VolumeRecord {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM volume WHERE id = ?", arguments: [id]) else {
            throw StoreError.notFound("volume with number \(id)")
        }
        return try VolumeRecord(row: row)
    }
}
