package import Foundation
internal import GRDB

/// The checkpoint, events and curve of a job. All of it survives a crash, but not a loss of power.
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

    /// Stores an event (`data` is JSON) and returns its sequence number.
    @discardableResult
    package func appendEvent(job: Int64, type: String, data: String) async throws -> Int64 {
        try await write(.crash) { database in
            _ = try JobRecord.fetch(database, id: job)
            try database.execute(
                sql: "INSERT INTO job_event (job, type, data, created) VALUES (?, ?, ?, ?)",
                arguments: [job, type, data, Date()])
            return database.lastInsertedRowID
        }
    }

    /// The events of a job after a sequence number, in order.
    package func events(job: Int64, after: Int64 = 0) async throws -> [JobEventRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM job_event WHERE job = ? AND sequence > ? ORDER BY sequence",
                arguments: [job, after]
            ).map {
                JobEventRecord(
                    sequence: $0["sequence"], job: $0["job"], type: $0["type"], data: $0["data"],
                    created: $0["created"])
            }
        }
    }

    /// Adds points to a job's curve; a step that exists is replaced, since a resumed training repeats some.
    package func appendCurve(job: Int64, _ points: [CurvePointRecord]) async throws {
        try await write(.crash) { database in
            _ = try JobRecord.fetch(database, id: job)
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO job_curve (job, step, seconds, loss, held_out_iou) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET
                        seconds = excluded.seconds, loss = excluded.loss, held_out_iou = excluded.held_out_iou
                    """)
            for point in points {
                let loss = point.loss.flatMap { $0.isFinite ? $0 : nil }
                try statement.execute(arguments: [job, point.step, point.seconds, loss, point.heldOutIoU])
            }
        }
    }

    /// The points of a job's curve, in the order of steps.
    package func curve(job: Int64) async throws -> [CurvePointRecord] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM job_curve WHERE job = ? ORDER BY step", arguments: [job])
                .map {
                    CurvePointRecord(
                        step: $0["step"], seconds: $0["seconds"], loss: $0["loss"], heldOutIoU: $0["held_out_iou"])
                }
        }
    }
}
