package import Foundation
internal import GRDB
internal import Text

/// Jobs that workers on other machines compute.
///
/// A worker's lease ends when it isn't renewed, when the job ends and when the job goes back to the queue; what comes
/// from an earlier attempt is a conflict.
extension Store {
    /// How long a worker that is not heard of is remembered, in seconds.
    private static let memory = 86_400.0

    /// Gives the oldest queued job of some kinds to a worker, which holds it until a time; `nil` if none waits.
    ///
    /// `projects` are those whose jobs it may have; `nil` for all. A worker that holds a job already is a conflict. With
    /// `job` it is given that one or none, with `tilesOf` a tile of that one or none; if that has ended, or is of another
    /// kind, it is a conflict, and so is a `job` for another number of processes. A training for several of them is given
    /// to a worker of so many `ranks` alone.
    package func claimJob(
        _ job: Int64? = nil, tilesOf whole: Int64? = nil, by worker: WorkerDescription, kinds: [String],
        projects: Set<String>? = nil, ranks: Int = 1, until end: Date, now: Date = Date()
    ) async throws -> JobRecord? {
        try Validation.check(name: worker.name, of: "worker")
        return try await write { database in
            if let job { try Self.check(database, job, isOneOf: kinds, in: projects, for: ranks) }
            if let whole { try Self.check(database, whole, isOneOf: kinds, in: projects) }
            if let held = try LeaseRecord.fetch(database, worker: worker.name) {
                // It comes back after it was lost; the job is free again before long.
                if held.job == job { return nil }
                if let whole, try JobRecord.fetch(database, id: held.job).parent == whole { return nil }
                throw StoreError.conflict(
                    "the worker \(worker.name) holds job \(held.job); if it ended, the job is free again in "
                        + "\(max(Int(held.expires.timeIntervalSince(now).rounded(.up)), 1)) s; two workers need two names"
                )
            }
            try Self.note(database, worker, now)
            let next = try Int64.fetchOne(
                database,
                sql: """
                    SELECT job.id FROM job JOIN project ON project.id = job.project
                    WHERE \(Self.waits) AND job.kind IN (SELECT value FROM json_each(:kinds))
                        AND (:job IS NULL OR job.id = :job) AND \(Self.ranks) = :ranks
                        AND (:whole IS NULL OR job.parent = :whole AND job.kind = :tile)
                        AND (:projects IS NULL OR project.name IN (SELECT value FROM json_each(:projects)))
                    ORDER BY \(Self.turn) LIMIT 1
                    """,
                arguments: [
                    "kinds": try StoredJSON.encode(kinds), "job": job, "ranks": ranks, "whole": whole,
                    "tile": Self.passing,
                    "projects": try projects.map { try StoredJSON.encode($0.sorted()) },
                ])
            guard let next else { return nil }
            let job = try Self.begin(database, next, worker: worker.name, host: worker.host)
            try database.execute(
                sql: "INSERT INTO lease (job, worker, attempt, expires) VALUES (?, ?, ?, ?)",
                arguments: [job.id, worker.name, job.attempts, end])
            return job
        }
    }

    /// Has a lease last until a later time; a conflict if it has ended, or the job is in another attempt.
    ///
    /// Returns the job, so that the caller sees `cancelRequested`.
    @discardableResult
    package func renewLease(
        job: Int64, attempt: Int, until end: Date, now: Date = Date()
    ) async throws -> JobRecord {
        try await write(.crash) { database in
            try database.execute(
                sql: "UPDATE lease SET expires = max(expires, ?) WHERE job = ? AND attempt = ? AND expires > ?",
                arguments: [end, job, attempt, now])
            guard database.changesCount > 0 else { throw Self.stale(job, attempt) }
            try database.execute(
                sql: "UPDATE worker SET seen = ? WHERE name = (SELECT worker FROM lease WHERE job = ?)",
                arguments: [now, job])
            return try JobRecord.fetch(database, id: job)
        }
    }

    /// Ends the leases that were not renewed in time, and returns them; their jobs still run, until they are requeued.
    package func expireLeases(now: Date = Date()) async throws -> [LeaseRecord] {
        let isDue = try await read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM lease WHERE expires <= ?)", arguments: [now]) == true
        }
        guard isDue else { return [] }
        return try await write(frees: true) { database in
            let expired = try Row.fetchAll(
                database, sql: "SELECT * FROM lease WHERE expires <= ? ORDER BY job", arguments: [now]
            ).map { LeaseRecord(row: $0) }
            try database.execute(sql: "DELETE FROM lease WHERE expires <= ?", arguments: [now])
            return expired
        }
    }

    /// The jobs that workers hold.
    package func leasedJobs() async throws -> Set<Int64> {
        try await read { try Int64.fetchSet($0, sql: "SELECT job FROM lease") }
    }

    /// The workers heard of within a day, by name.
    package func workers(now: Date = Date()) async throws -> [WorkerRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT worker.*, lease.job, lease.expires, project.name AS project FROM worker
                        LEFT JOIN lease ON lease.worker = worker.name LEFT JOIN job ON job.id = lease.job
                        LEFT JOIN project ON project.id = job.project
                    WHERE worker.seen > ? OR lease.job IS NOT NULL ORDER BY worker.name
                    """, arguments: [now.addingTimeInterval(-Self.memory)]
            ).map { try WorkerRecord(database, row: $0) }
        }
    }

    /// Throws a conflict unless a job runs, in this attempt.
    static func check(_ database: Database, _ job: Int64, isIn attempt: Int) throws {
        let record = try JobRecord.fetch(database, id: job)
        guard record.state == .running, record.attempts == attempt else { throw stale(job, attempt) }
    }

    /// The processes that a job is for.
    private static let ranks = """
        CASE job.kind WHEN 'train' THEN coalesce(json_extract(job.request, '$.ranks'), 1) ELSE 1 END
        """

    /// Throws unless a job may still be computed by a worker that may have jobs of these kinds and projects, and has as many
    /// processes as it is for; `ranks` is `nil` where that does not matter.
    private static func check(
        _ database: Database, _ job: Int64, isOneOf kinds: [String], in projects: Set<String>?, for ranks: Int? = nil
    ) throws {
        let record = try JobRecord.fetch(database, id: job)
        let project = try ProjectRecord.fetch(database, id: record.project).name
        guard projects?.contains(project) != false else { throw StoreError.notFound("job \(job)") }
        guard kinds.contains(record.kind) else {
            throw StoreError.conflict("job \(job) is of the kind \(record.kind), which workers don't compute")
        }
        guard !record.state.isFinal else {
            let been = record.state == .cancelled ? "been " : ""
            throw StoreError.conflict("job \(job) has \(been)\(record.state.rawValue)")
        }
        guard let ranks else { return }
        let wanted =
            try Int.fetchOne(database, sql: "SELECT \(Self.ranks) FROM job WHERE id = ?", arguments: [job]) ?? 1
        guard wanted == ranks else {
            throw StoreError.conflict(
                "job \(job) is for a worker of \(wanted.counting("process", many: "processes")), and this one has \(ranks); "
                    + "Slurm starts as many as are needed (workers.engine slurm)")
        }
    }

    private static func stale(_ job: Int64, _ attempt: Int) -> StoreError {
        .conflict("attempt \(attempt) of job \(job) is over: it has ended, or was given to another worker")
    }

    /// Notes what a worker says of itself, and forgets those that were long not heard of.
    private static func note(_ database: Database, _ worker: WorkerDescription, _ now: Date) throws {
        try database.execute(
            sql: "DELETE FROM worker WHERE seen <= ? AND name NOT IN (SELECT worker FROM lease)",
            arguments: [now.addingTimeInterval(-memory)])
        try database.execute(
            sql: """
                INSERT INTO worker (name, host, version, processor, threads, seen) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET host = excluded.host, version = excluded.version,
                    processor = excluded.processor, threads = excluded.threads, seen = excluded.seen
                """,
            arguments: [worker.name, worker.host, worker.version, worker.processor, worker.threads, now])
    }
}

extension LeaseRecord {
    fileprivate static func fetch(_ database: Database, worker: String) throws -> LeaseRecord? {
        try Row.fetchOne(database, sql: "SELECT * FROM lease WHERE worker = ?", arguments: [worker]).map {
            LeaseRecord(row: $0)
        }
    }
}
