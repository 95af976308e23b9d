package import Foundation
internal import GRDB

/// The checkpoints of jobs, which survive a crash, but not a loss of power.
extension Store {
    /// Replaces the checkpoint of a running job; of one that has its model, none is needed any more.
    package func saveCheckpoint(job: Int64, _ checkpoint: Data) async throws {
        try await write(.crash) { database in
            guard try JobRecord.fetch(database, id: job).state == .running else {
                throw StoreError.conflict("job \(job) is not running and can't have a checkpoint")
            }
            try database.execute(
                sql: """
                    INSERT INTO job_checkpoint (job, saved, bytes)
                    SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM model WHERE job = ?)
                    ON CONFLICT DO UPDATE SET saved = excluded.saved, bytes = excluded.bytes
                    """, arguments: [job, Date(), checkpoint, job])
            try Self.noteProgress(database, job: job)
        }
    }

    package func checkpoint(job: Int64) async throws -> Data? {
        try await read { database in
            try Data.fetchOne(database, sql: "SELECT bytes FROM job_checkpoint WHERE job = ?", arguments: [job])
        }
    }

    package func deleteCheckpoint(job: Int64) async throws {
        try await write(.crash) { database in
            try database.execute(sql: "DELETE FROM job_checkpoint WHERE job = ?", arguments: [job])
        }
    }
}
