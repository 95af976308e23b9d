import Foundation
import GRDB
import TestSupport
import Testing

/// The database as a killed server left it, read without the server.
struct KilledFolder {
    /// Running jobs that left a checkpoint.
    let checkpointed: Set<Int>
    let phases: [String]

    init(_ folder: URL) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(
            path: folder.appending(path: "slicewise.sqlite").path, configuration: configuration)
        let (faults, jobs, phases) = try queue.read { database in
            (
                try String.fetchAll(database, sql: "PRAGMA integrity_check")
                    + Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { "\($0)" },
                try Int.fetchAll(
                    database,
                    sql: "SELECT id FROM job JOIN job_checkpoint ON job = id WHERE state IN ('running', 'queued')"),
                try String.fetchAll(
                    database,
                    sql: "SELECT coalesce(progress ->> '$.phase', 'starting') FROM job WHERE state = 'running'")
            )
        }
        try queue.close()
        #expect(faults == ["ok"])
        checkpointed = Set(jobs)
        self.phases = phases
    }

    /// Grids that are not finished or belong to nobody, not even as a level.
    static func leftovers(in folder: URL) throws -> Int {
        let queue = try DatabaseQueue(path: folder.appending(path: "slicewise.sqlite").path)
        return try queue.read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM grid WHERE state <> 'finished' OR id NOT IN (
                        SELECT image FROM volume UNION ALL SELECT truth FROM volume WHERE truth IS NOT NULL
                        UNION ALL SELECT labels FROM prediction UNION ALL SELECT probability FROM prediction
                        UNION ALL SELECT smaller FROM level)
                    """) ?? 0
        }
    }
}
