internal import GRDB

/// Events and curves that were stored before there were bounds for them.
extension Store {
    /// Thins them, a few rows in each transaction so that others hardly wait, and gives their space back.
    ///
    /// Goes on where an earlier call was interrupted.
    package func thinOldTrails() async throws {
        var isThinned = false
        while let job = try await read({ try Int64.fetchOne($0, sql: "SELECT job FROM unthinned_job LIMIT 1") }) {
            try await remove(Self.supernumeraryEvents, of: job, most: options.progressEvents) { database, sequence in
                try database.execute(sql: "DELETE FROM job_event WHERE sequence = ?", arguments: [sequence])
            }
            try await remove(Self.superfluousSteps, of: job, most: options.curvePoints / 2) { database, step in
                try database.execute(
                    sql: "DELETE FROM job_curve WHERE job = ? AND step = ?", arguments: [job, step])
            }
            try await write(.crash, frees: true) { database in
                try database.execute(sql: "DELETE FROM unthinned_job WHERE job = ?", arguments: [job])
            }
            isThinned = true
        }
        if isThinned { await sweep() }
    }

    /// Removes the rows that a query finds.
    private func remove(
        _ query: String, of job: Int64, most: Int, _ removal: @escaping @Sendable (Database, Int64) throws -> Void
    ) async throws {
        while true {
            let rows = try await read { database in
                try Int64.fetchAll(database, sql: "\(query) LIMIT 20000", arguments: ["job": job, "most": most])
            }
            guard !rows.isEmpty else { return }
            for start in stride(from: 0, to: rows.count, by: 500) {
                let few = rows[start..<min(start + 500, rows.count)]
                try await write(.crash, frees: true) { database in
                    for row in few { try removal(database, row) }
                }
            }
        }
    }
}
