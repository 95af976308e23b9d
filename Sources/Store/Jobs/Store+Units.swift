package import Foundation
internal import GRDB

/// Units of a job: jobs of their own that others may compute, while the job waits for them; people see the job alone.
extension Store {
    /// The kind of units that only the running attempt of their job knows of: they go when that ends.
    static let passing = "tile"

    /// Queues the units of a running job, perhaps with the checkpoint that they are planned in, and returns them.
    ///
    /// `numbers` are theirs among the job's units. With a checkpoint the job has got somewhere: what ends the service
    /// later doesn't count against it.
    package func addUnits(
        of job: JobRecord, kind: String, numbers: Range<Int>, checkpoint: Data? = nil
    ) async throws -> [JobRecord] {
        try await write { database in
            try Self.check(database, job.id, isIn: job.attempts)
            for number in numbers {
                try database.execute(
                    sql: """
                        INSERT INTO job (project, kind, request, created, parent, number)
                        VALUES (?, ?, '{}', ?, ?, ?)
                        """, arguments: [job.project, kind, Date(), job.id, number])
            }
            if let checkpoint {
                try database.execute(
                    sql: """
                        INSERT INTO job_checkpoint (job, saved, bytes) VALUES (?, ?, ?)
                        ON CONFLICT DO UPDATE SET saved = excluded.saved, bytes = excluded.bytes
                        """, arguments: [job.id, Date(), checkpoint])
                try Self.noteProgress(database, job: job.id)
            }
            return try Self.units(database, of: job.id)
        }
    }

    /// The units of a job by their numbers.
    package func units(of job: Int64) async throws -> [JobRecord] {
        try await read { try Self.units($0, of: job) }
    }

    /// Takes the first unit of a job that waits and marks it as running; `nil` if none does.
    package func nextUnit(of job: Int64) async throws -> JobRecord? {
        try await write { database in
            let next = try Int64.fetchOne(
                database, sql: "SELECT id FROM job WHERE parent = ? AND state = 'queued' ORDER BY number LIMIT 1",
                arguments: [job])
            return try next.map { try Self.begin(database, $0) }
        }
    }

    /// How many units of a kind wait to be computed, by the numbers of their jobs.
    package func waitingUnits(kind: String) async throws -> [Int64: Int] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT job.parent, count(*) FROM job WHERE job.kind = ? AND \(Self.waits) GROUP BY job.parent",
                arguments: [kind])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as Int64, $0[1] as Int) })
        }
    }

    /// Removes the units of a job that begins anew.
    package func removeUnits(of job: Int64) async throws {
        try await write(frees: true) { database in
            try database.execute(sql: "DELETE FROM job WHERE parent = ?", arguments: [job])
        }
    }

    private static func units(_ database: Database, of job: Int64) throws -> [JobRecord] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM job WHERE parent = ? ORDER BY number", arguments: [job]
        ).map(JobRecord.init(row:))
    }
}
