internal import Foundation
internal import GRDB

extension Store {
    /// Appends to the audit log.
    ///
    /// The entry survives a crash, and after the next durable transaction also a loss of power.
    package func audit(_ entry: NewAuditEntry) async throws {
        try await writeShared(.crash, frees: true) { try AuditRecord.insert($0, entry) }
    }

    /// The latest entries, newest first, optionally only those of one project or older than `before`.
    package func auditLog(
        project: String? = nil, limit: Int, before: Int64? = nil
    ) async throws -> [AuditRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM audit WHERE id < coalesce(:before, id + 1)
                    \(project == nil ? "" : "AND project = :project") ORDER BY id DESC LIMIT :limit
                    """,
                arguments: project.map { ["before": before, "limit": limit, "project": $0] }
                    ?? ["before": before, "limit": limit]
            ).map(AuditRecord.init(row:))
        }
    }
}

extension AuditRecord {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"], time: row["time"],
            entry: NewAuditEntry(
                token: row["token"], project: row["project"], method: row["method"], path: row["path"],
                status: row["status"], request: row["request"]))
    }

    static func insert(_ database: Database, _ entry: NewAuditEntry) throws {
        try database.execute(
            sql: """
                INSERT INTO audit (time, token, project, method, path, status, request) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                Date(), entry.token, entry.project, entry.method, String(entry.path.prefix(2000)), entry.status,
                entry.request,
            ])
    }
}
