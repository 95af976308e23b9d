import Foundation
import GRDB

/// The database of a server, which may run, read without it.
struct FaultRecords {
    /// A line of a job's log or a change of its state, or its progress.
    struct Event {
        let job: Int
        let type: String
        let data: [String: Any]
    }

    private let queue: DatabaseQueue

    init(_ folder: URL) throws {
        var configuration = Configuration()
        configuration.readonly = true
        // A server that starts after a kill has it to itself for a moment.
        configuration.busyMode = .timeout(30)
        queue = try DatabaseQueue(path: folder.appending(path: "slicewise.sqlite").path, configuration: configuration)
    }

    /// The job that a worker holds.
    func job(of worker: String) throws -> Int? {
        try queue.read { try Int.fetchOne($0, sql: "SELECT job FROM lease WHERE worker = ?", arguments: [worker]) }
    }

    /// Jobs that have not ended.
    func openJobs() throws -> [Int] {
        try queue.read { database in
            try Int.fetchAll(
                database,
                sql: "SELECT id FROM job WHERE state IN ('queued', 'running') AND parent IS NULL ORDER BY id")
        }
    }

    /// All events of all jobs, in order.
    func events() throws -> [Event] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT job, type, data FROM job_event ORDER BY sequence").map { row in
                let data = try JSONSerialization.jsonObject(with: Data((row["data"] as String).utf8))
                return Event(job: row["job"], type: row["type"], data: data as? [String: Any] ?? [:])
            }
        }
    }

    /// What should not be there once all jobs have ended, in words.
    func leftovers() throws -> [String] {
        let counts = [
            "jobs that have not ended": "SELECT count(*) FROM job WHERE state IN ('queued', 'running')",
            "leases": "SELECT count(*) FROM lease",
            "checkpoints": "SELECT count(*) FROM job_checkpoint",
            "jobs with several models": "SELECT count(*) FROM (SELECT 1 FROM model GROUP BY job HAVING count(*) > 1)",
            "models of no job": "SELECT count(*) FROM model WHERE job NOT IN (SELECT id FROM job WHERE kind = 'train')",
            "broken references": "SELECT count(*) FROM pragma_foreign_key_check",
        ]
        return try queue.read { database in
            var left = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            for (what, query) in counts {
                let count = try Int.fetchOne(database, sql: query) ?? 0
                if count > 0 { left.append("\(count) \(what)") }
            }
            return left
        }
    }
}
