internal import GRDB

extension ModelRecord {
    init(row: Row) throws {
        self.init(
            id: row["id"], project: row["project"], name: row["name"], parent: row["parent"],
            classes: try JSONText.decode(from: row["classes"]), recipe: row["recipe"],
            configuration: row["configuration"], seed: row["seed"], labelsHash: row["labels_hash"],
            metrics: row["metrics"], heldOut: row["held_out"], trainedOn: row["trained_on"], job: row["job"],
            bytes: row["bytes"], created: row["created"])
    }

    static func fetch(_ database: Database, id: Int64) throws -> ModelRecord {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM model WHERE id = ?", arguments: [id]) else {
            throw StoreError.notFound("model with number \(id)")
        }
        return try ModelRecord(row: row)
    }
}
