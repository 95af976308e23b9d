internal import GRDB

/// The learning curves of jobs, which survive a crash, but not a loss of power.
extension Store {
    /// Adds points to a job's curve; a step that exists is replaced, since a resumed training repeats some.
    ///
    /// A curve that has become long is thinned; the newest points wait for the next time.
    package func appendCurve(job: Int64, _ points: [CurvePointRecord]) async throws {
        let most = options.curvePoints
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
            guard try Self.curvePoints(database, job) > 2 * most else { return }
            try database.execute(
                sql: "DELETE FROM job_curve WHERE job = :job AND step IN (\(Self.superfluousSteps))",
                arguments: ["job": job, "most": most / 2])
        }
    }

    /// The points of a job's curve, in the order of steps; of a long one no more than `curvePoints` of the options.
    package func curve(job: Int64) async throws -> [CurvePointRecord] {
        let most = options.curvePoints
        return try await read { database in
            let isLong = try Self.curvePoints(database, job) > most
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM job_curve
                    WHERE job = :job AND NOT (:isLong AND step IN (\(Self.superfluousSteps))) ORDER BY step
                    """, arguments: ["job": job, "isLong": isLong, "most": most / 2]
            ).map {
                CurvePointRecord(
                    step: $0["step"], seconds: $0["seconds"], loss: $0["loss"], heldOutIoU: $0["held_out_iou"])
            }
        }
    }

    private static func curvePoints(_ database: Database, _ job: Int64) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM job_curve WHERE job = ?", arguments: [job]) ?? 0
    }

    /// The steps that a curve can do without: of the measured points, and of the others, all but `most`, which lie
    /// evenly over the steps; never its first and its last.
    static let superfluousSteps = """
        SELECT step FROM (
            SELECT step, high,
                count(*) OVER (PARTITION BY held_out_iou IS NULL) AS points,
                row_number() OVER (
                    PARTITION BY held_out_iou IS NULL, (step - low) * (:most - 1) / (high - low + 1) ORDER BY step
                ) AS place
            FROM job_curve, (SELECT min(step) AS low, max(step) AS high FROM job_curve WHERE job = :job)
            WHERE job = :job)
        WHERE points > :most AND place > 1 AND step < high
        """
}
