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

    /// The progress (JSON) of the running job; `nil` if none runs or it has reported none.
    package func runningProgress() async throws -> String? {
        try await read { try String.fetchOne($0, sql: "SELECT progress FROM job WHERE state = 'running'") }
    }

    /// Bytes free on the disk of the data folder.
    package var freeBytes: Int { FreeSpace.bytes(at: folder) ?? 0 }
}
