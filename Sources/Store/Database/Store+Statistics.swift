internal import Foundation
internal import GRDB
internal import Volumes

/// Figures for monitoring.
extension Store {
    /// The number of jobs in each state, over all projects.
    package func jobCounts() async throws -> [JobState: Int] {
        try await read { database in
            var counts = Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0, 0) })
            for row in try Row.fetchAll(database, sql: "SELECT state, count(*) FROM job GROUP BY state") {
                if let state = JobState(rawValue: row[0]) { counts[state] = row[1] }
            }
            return counts
        }
    }

    /// The progress (JSON) of the running jobs that have reported any.
    package func runningProgress() async throws -> [String] {
        try await read { database in
            try String.fetchAll(
                database, sql: "SELECT progress FROM job WHERE state = 'running' AND progress IS NOT NULL")
        }
    }

    /// Bytes free on the disk of the data folder.
    package var freeBytes: Int { FreeSpace.bytes(at: folder) ?? 0 }
}
