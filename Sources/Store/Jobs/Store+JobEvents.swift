internal import Foundation
internal import GRDB

/// The events of jobs, which survive a crash, but not a loss of power.
///
/// A job's progress is kept in two rings, so that a long job takes no more room than a short one: the newest events,
/// and the newest that brought another held-out IoU. All other events are kept for good.
extension Store {
    /// Stores an event (`data` is JSON) and returns its sequence number; of progress, the oldest makes room for it.
    @discardableResult
    package func appendEvent(job: Int64, type: String, data: String) async throws -> Int64 {
        let most = options.progressEvents
        return try await write(.crash) { database in
            _ = try JobRecord.fetch(database, id: job)
            let ring = type == "progress" ? try Self.ring(database, of: data, job: job) : 0
            try database.execute(
                sql: "INSERT INTO job_event (job, type, data, created, ring) VALUES (?, ?, ?, ?, ?)",
                arguments: [job, type, data, Date(), ring])
            let sequence = database.lastInsertedRowID
            guard ring > 0 else { return sequence }
            // Without the words `ring <> 0` its index is not used.
            try database.execute(
                sql: """
                    DELETE FROM job_event WHERE job = :job AND ring = :ring AND ring <> 0 AND sequence <= (
                        SELECT sequence FROM job_event WHERE job = :job AND ring = :ring AND ring <> 0
                        ORDER BY sequence DESC LIMIT 1 OFFSET :most)
                    """, arguments: ["job": job, "ring": ring, "most": most])
            return sequence
        }
    }

    /// The ring of a progress event: 2 if its held-out IoU is another one than that of the event before, else 1.
    private static func ring(_ database: Database, of data: String, job: Int64) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT CASE
                    WHEN NOT json_valid(:data) THEN 1
                    WHEN json_extract(:data, '$.heldout_iou') IS (
                        SELECT json_extract(data, '$.heldout_iou') FROM job_event
                        WHERE job = :job AND type = 'progress' ORDER BY sequence DESC LIMIT 1) THEN 1
                    ELSE 2 END
                """, arguments: ["data": data, "job": job]) ?? 1
    }

    /// The next events of a job after a sequence number, in order.
    package func events(job: Int64, after: Int64 = 0, limit: Int = .max) async throws -> [JobEventRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM job_event WHERE job = ? AND sequence > ? ORDER BY sequence LIMIT ?",
                arguments: [job, after, limit]
            ).map {
                JobEventRecord(
                    sequence: $0["sequence"], job: $0["job"], type: $0["type"], data: $0["data"],
                    created: $0["created"])
            }
        }
    }

    /// The sequence numbers of progress events that are in no ring and would not fit into one.
    static let supernumeraryEvents = """
        SELECT sequence FROM (
            SELECT sequence, row_number() OVER (PARTITION BY is_same ORDER BY sequence DESC) AS age FROM (
                SELECT sequence, score IS lag(score) OVER (ORDER BY sequence) AS is_same FROM (
                    SELECT sequence, json_extract(data, '$.heldout_iou') AS score FROM job_event
                    WHERE job = :job AND type = 'progress' AND ring = 0)))
        WHERE age > :most
        """
}
