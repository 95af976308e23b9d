internal import GRDB

extension JobRecord {
    init(row: Row) throws {
        guard let state = JobState(rawValue: row["state"]) else { throw StoreError.corrupt("a job without a state") }
        self.init(
            id: row["id"], project: row["project"], kind: row["kind"], state: state, request: row["request"],
            progress: row["progress"], model: row["model"], result: row["result"], error: row["error"],
            created: row["created"], started: row["started"], finished: row["finished"], attempts: row["attempts"],
            cancelRequested: row["cancel"])
    }

    /// With `project` only a job of that project.
    static func fetch(_ database: Database, id: Int64, project: Int64? = nil) throws -> JobRecord {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM job WHERE id = ? AND project = coalesce(?, project)",
            arguments: [id, project])
        guard let row else { throw StoreError.notFound("job \(id)") }
        return try JobRecord(row: row)
    }
}
