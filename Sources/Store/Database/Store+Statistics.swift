internal import Foundation
internal import GRDB
internal import Volumes

/// Figures for those who watch over the server.
extension Store {
    /// Jobs by state, of all projects.
    package func jobCounts() async throws -> [JobState: Int] {
        try await read { database in
            var counts = Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0, 0) })
            for row in try Row.fetchAll(database, sql: "SELECT state, count(*) FROM job GROUP BY state") {
                if let state = JobState(rawValue: row[0]) { counts[state] = row[1] }
            }
            return counts
        }
    }

    /// What the running job has told of itself (JSON), if one runs and has.
    package func runningProgress() async throws -> String? {
        try await read { try String.fetchOne($0, sql: "SELECT progress FROM job WHERE state = 'running'") }
    }

    /// Bytes that the disk has left for the data folder.
    package var freeBytes: Int { FreeSpace.bytes(at: folder) ?? 0 }
}
