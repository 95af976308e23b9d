internal import Foundation
internal import GRDB

extension Store {
    /// Queues a job; a training's name that a model has, or that another training will give to one, is a conflict.
    ///
    /// `request` is JSON.
    package func addJob(project: Int64, kind: String, request: String) async throws -> JobRecord {
        try await write { try Self.addJob($0, project: project, kind: kind, request: request) }
    }

    package func job(project: Int64, id: Int64) async throws -> JobRecord {
        try await read { try JobRecord.fetch($0, id: id, project: project) }
    }

    package func job(id: Int64) async throws -> JobRecord {
        try await read { try JobRecord.fetch($0, id: id) }
    }

    /// Newest first.
    package func jobs(project: Int64, state: JobState? = nil) async throws -> [JobRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM job WHERE project = ? AND state = coalesce(?, state) AND parent IS NULL
                    ORDER BY id DESC
                    """, arguments: [project, state?.rawValue]
            ).map(JobRecord.init(row:))
        }
    }

    /// Takes the oldest queued job of all projects, or of some kinds only, and marks it as running; `nil` if none waits.
    ///
    /// Jobs to be cancelled go first: they only store the model in their checkpoint.
    package func nextQueuedJob(kinds: [String]? = nil, except: [String] = []) async throws -> JobRecord? {
        try await write { database in
            let next = try Int64.fetchOne(
                database,
                sql: """
                    SELECT job.id FROM job WHERE \(Self.waits)
                        AND (:kinds IS NULL OR job.kind IN (SELECT value FROM json_each(:kinds)))
                        AND job.kind NOT IN (SELECT value FROM json_each(:except))
                    ORDER BY \(Self.turn) LIMIT 1
                    """,
                arguments: [
                    "kinds": try kinds.map { try StoredJSON.encode($0) }, "except": try StoredJSON.encode(except),
                ])
            return try next.map { try Self.begin(database, $0) }
        }
    }

    /// Whether a job waits to be computed: a unit does once its job runs.
    static let waits = """
        job.state = 'queued' AND (job.parent IS NULL
            OR EXISTS (SELECT 1 FROM job AS whole WHERE whole.id = job.parent AND whole.state = 'running'))
        """

    /// The order in which waiting jobs are taken: units in the place of their job.
    static let turn = "job.cancel DESC, coalesce(job.parent, job.id), job.id"

    /// Marks a queued job as running, here or on a worker's machine.
    static func begin(_ database: Database, _ job: Int64, worker: String? = nil, host: String? = nil) throws
        -> JobRecord
    {
        try database.execute(
            sql: """
                UPDATE job SET state = 'running', attempts = attempts + 1, stalls = stalls + 1,
                    started = coalesce(started, ?), worker = ?, host = ?
                WHERE id = ? AND state = 'queued'
                """, arguments: [Date(), worker, host, job])
        return try JobRecord.fetch(database, id: job)
    }

    /// Replaces the progress (JSON) of a running job; not durable against a loss of power.
    ///
    /// Returns the job, so that the caller sees `cancelRequested`. A job that doesn't run is a conflict.
    @discardableResult
    package func updateProgress(job: Int64, _ progress: String) async throws -> JobRecord {
        try await write(.crash) { database in
            try database.execute(
                sql: "UPDATE job SET progress = ? WHERE id = ? AND state = 'running'", arguments: [progress, job])
            return try Self.changed(database, job, "is not running")
        }
    }

    /// Ends a running job and removes its checkpoint.
    ///
    /// `state` is final; `result` is JSON. A job that doesn't run, or runs in another attempt, is a conflict.
    @discardableResult
    package func finish(
        job: Int64, attempt: Int? = nil, state: JobState, model: String? = nil, result: String? = nil,
        error: String? = nil
    ) async throws -> JobRecord {
        guard state.isFinal else { throw StoreError.constraint("a job doesn't end as \(state.rawValue)") }
        let error = error ?? (state == .failed ? "it failed without a reason" : nil)
        return try await write { database in
            try database.execute(
                sql: """
                    UPDATE job SET state = ?, model = ?, result = ?, error = ?, finished = ?
                    WHERE id = ? AND state = 'running' AND attempts = coalesce(?, attempts)
                    """, arguments: [state.rawValue, model, result, error, Date(), job, attempt])
            return try Self.changed(database, job, "is not running and can't end as \(state.rawValue)")
        }
    }

    /// Cancels a queued job at once and marks a running one; one that has ended is a conflict unless cancelled.
    ///
    /// A queued job whose last attempt left a checkpoint is marked too: it runs once more to store its model.
    package func requestCancel(project: Int64, id: Int64) async throws -> JobRecord {
        try await write(frees: true) { database in
            switch try JobRecord.fetch(database, id: id, project: project).state {
            case .queued, .running:
                try database.execute(
                    sql: "UPDATE job SET cancel = 1 WHERE id = :id OR parent = :id AND state IN ('queued', 'running')",
                    arguments: ["id": id])
                try Self.cancelIdle(database)
            case .cancelled: break
            case .succeeded, .failed: throw StoreError.conflict("job \(id) has ended and can't be cancelled")
            }
            return try JobRecord.fetch(database, id: id)
        }
    }

    /// Queues a new job with the request of one that failed or was cancelled; any other is a conflict.
    ///
    /// `request` replaces that request.
    package func retry(project: Int64, id: Int64, request: String? = nil) async throws -> JobRecord {
        try await write { database in
            let old = try JobRecord.fetch(database, id: id, project: project)
            guard old.state == .failed || old.state == .cancelled else {
                throw StoreError.conflict(
                    "job \(id) is \(old.state.rawValue); only one that failed or was cancelled can be retried")
            }
            return try Self.addJob(database, project: project, kind: old.kind, request: request ?? old.request)
        }
    }

    /// Queues the jobs that ran when the last process ended, or, if `isOrderly`, that this one has interrupted; cancels
    /// those that are to be cancelled, unless their last attempt left a checkpoint.
    ///
    /// Returns those jobs, oldest first. They go before jobs queued later and keep their checkpoints. If
    /// `mostStalls` processes ended during a job without its storing anything to go on from, it fails, so that it can't
    /// stop the service forever.
    @discardableResult
    package func requeueInterrupted(isOrderly: Bool = false) async throws -> [JobRecord] {
        try await write(frees: true) { database in
            let running = try Int64.fetchAll(database, sql: "SELECT id FROM job WHERE state = 'running' ORDER BY id")
            return try running.compactMap { job in
                // A unit may have gone with its job.
                let isThere = try Bool.fetchOne(
                    database, sql: "SELECT EXISTS (SELECT 1 FROM job WHERE id = ?)", arguments: [job])
                return isThere == true ? try Self.requeue(database, job, isOrderly: isOrderly) : nil
            }
        }
    }

    /// The same for one job, whose attempt was interrupted; a conflict if it runs in another one.
    @discardableResult
    package func requeue(job: Int64, attempt: Int, isOrderly: Bool) async throws -> JobRecord {
        try await write(frees: true) { database in
            let record = try JobRecord.fetch(database, id: job)
            guard record.state == .running, record.attempts == attempt else {
                throw StoreError.conflict(
                    "job \(job) is \(record.state.rawValue), and attempt \(attempt) of it is over")
            }
            return try Self.requeue(database, job, isOrderly: isOrderly)
        }
    }

    private static func requeue(_ database: Database, _ job: Int64, isOrderly: Bool) throws -> JobRecord {
        if isOrderly {
            try database.execute(sql: "UPDATE job SET stalls = max(stalls - 1, 0) WHERE id = ?", arguments: [job])
        }
        try database.execute(
            sql: """
                UPDATE job SET state = 'failed', error = ?, finished = ?, model = \(modelOfJob)
                WHERE id = ? AND state = 'running' AND stalls >= ? AND cancel = 0
                """,
            arguments: [
                "the service, or the worker that had it, ended \(mostStalls) times while it worked on this job, which got "
                    + "no further; it may need more memory than there is: the system's log tells what ended it", Date(),
                job, mostStalls,
            ])
        try database.execute(
            sql: "UPDATE job SET state = 'queued' WHERE id = ? AND state = 'running'", arguments: [job])
        try database.execute(sql: "DELETE FROM job WHERE parent = ? AND kind = ?", arguments: [job, passing])
        try cancelIdle(database)
        return try JobRecord.fetch(database, id: job)
    }

    /// Notes that a job has stored something that a later attempt goes on from.
    package func noteProgress(job: Int64) async throws {
        try await write(.crash) { try Self.noteProgress($0, job: job) }
    }

    static func noteProgress(_ database: Database, job: Int64) throws {
        try database.execute(sql: "UPDATE job SET stalls = 0 WHERE id = ? AND stalls > 0", arguments: [job])
    }

    /// A stop of the service that it was asked for doesn't count.
    static let mostStalls = 3

    private static let modelOfJob = "(SELECT name FROM model WHERE model.job = job.id LIMIT 1)"

    /// Ends queued jobs that are to be cancelled, and units; those whose last attempt left a checkpoint run once more, to
    /// store a model of it.
    private static func cancelIdle(_ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE job SET state = 'cancelled', finished = ?, model = \(modelOfJob)
                WHERE state = 'queued' AND cancel = 1
                    AND (parent IS NOT NULL OR stalls > 0 OR id NOT IN (SELECT job FROM job_checkpoint) OR \(modelOfJob) IS NOT NULL)
                """, arguments: [Date()])
    }

    private static func addJob(
        _ database: Database, project: Int64, kind: String, request: String
    ) throws -> JobRecord {
        _ = try ProjectRecord.fetch(database, id: project)
        let name = try String.fetchOne(
            database, sql: "SELECT json_extract(:request, '$.name') WHERE :kind = 'train' AND json_valid(:request)",
            arguments: ["request": request, "kind": kind])
        if let name { try check(database, project: project, isFree: name) }
        try database.execute(
            sql: "INSERT INTO job (project, kind, request, created) VALUES (?, ?, ?, ?)",
            arguments: [project, kind, request, Date()])
        return try JobRecord.fetch(database, id: database.lastInsertedRowID)
    }

    /// Throws a conflict if a model has the name, or a training that has not ended will give it to one.
    private static func check(_ database: Database, project: Int64, isFree name: String) throws {
        let model = try Row.fetchOne(
            database, sql: "SELECT job FROM model WHERE project = ? AND name = ?", arguments: [project, name])
        if let model {
            let job: Int64? = model[0]
            throw StoreError.conflict(
                "name: there is already a model \"\(name)\"" + (job.map { ", which job \($0) made" } ?? "")
                    + "; choose another name (of a retry with name=), or delete that model first")
        }
        if let job = try training(database, project: project, willMake: name) {
            throw StoreError.conflict("name: job \(job) will make a model \"\(name)\"; choose another name")
        }
    }

    /// The waiting or running training that asked for this name for its model.
    static func training(_ database: Database, project: Int64, willMake name: String) throws -> Int64? {
        try Int64.fetchOne(
            database,
            sql: """
                SELECT id FROM job WHERE project = ? AND kind = 'train' AND state IN ('queued', 'running')
                    AND json_extract(request, '$.name') = ? ORDER BY id LIMIT 1
                """, arguments: [project, name])
    }

    /// The job after an update; a conflict if it changed nothing.
    private static func changed(_ database: Database, _ id: Int64, _ otherwise: String) throws -> JobRecord {
        let done = database.changesCount > 0
        let job = try JobRecord.fetch(database, id: id)
        guard done else { throw StoreError.conflict("job \(id) is \(job.state.rawValue): it \(otherwise)") }
        return job
    }
}
