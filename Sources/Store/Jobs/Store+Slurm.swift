internal import GRDB

/// Jobs that Slurm computes.
extension Store {
    /// By what others know this database and what was copied from it: 16 hexadecimal digits.
    package func ownID() async throws -> String {
        try await read { try String.fetchOne($0, sql: "SELECT id FROM own_id") ?? "" }
    }

    /// The jobs of some kinds that have not ended, oldest first; among them units, also while their job waits to go on.
    package func openJobs(kinds: [String]) async throws -> [JobRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM job WHERE job.state IN ('queued', 'running')
                        AND job.kind IN (SELECT value FROM json_each(?)) ORDER BY job.id
                    """, arguments: [try StoredJSON.encode(kinds)]
            ).map(JobRecord.init(row:))
        }
    }

    /// Stores what Slurm says of a job (JSON); not durable against a loss of power.
    package func noteSlurm(job: Int64, _ status: String) async throws {
        try await write(.crash) { database in
            try database.execute(sql: "UPDATE job SET slurm = ? WHERE id = ?", arguments: [status, job])
            guard database.changesCount > 0 else { throw StoreError.notFound("job \(job)") }
        }
    }
}
