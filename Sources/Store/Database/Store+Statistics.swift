internal import Foundation
internal import GRDB
internal import Volumes

/// Figures for monitoring.
extension Store {
    /// The number of jobs in each state, over all projects.
    package func jobCounts() async throws -> [JobState: Int] {
        try await read { database in
            var counts = Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0, 0) })
            let sql = "SELECT state, count(*) FROM job WHERE parent IS NULL GROUP BY state"
            for row in try Row.fetchAll(database, sql: sql) {
                if let state = JobState(rawValue: row[0]) { counts[state] = row[1] }
            }
            return counts
        }
    }

    /// The progress (JSON) of the running jobs that have reported any, of their units where they have some.
    package func runningProgress() async throws -> [String] {
        try await read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT progress FROM job WHERE state = 'running' AND progress IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM job AS unit WHERE unit.parent = job.id)
                    """)
        }
    }

    /// Bytes free on the disk of the data folder.
    package var freeBytes: Int { FreeSpace.bytes(at: folder) ?? 0 }
}
