package import Foundation
internal import GRDB

extension Store {
    /// Whether a folder's database has any token, revoked or not; changes nothing and needs no lock.
    package static func hasTokens(in folder: URL) throws -> Bool {
        let file = file(in: folder)
        guard FileManager.default.fileExists(atPath: file.path) else { return false }
        do {
            var configuration = Configuration()
            configuration.readonly = true  // What a crash left in the log stays there.
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.inDatabase { database in
                try database.tableExists("token")
                    && Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM token)") == true
            }
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// Makes a token and returns its text, which is not stored.
    ///
    /// - Parameter projects: The projects in which its role holds; `nil` is all, and the server as a whole.
    package func createToken(
        name: String, role: Role, projects: [String]? = nil, expires: Date? = nil
    ) async throws -> (record: TokenRecord, text: String) {
        try Validation.check(name: name, of: "token")
        let text = try TokenText.make()
        let record = try await write { database in
            guard try TokenRecord.find(database, name: name) == nil else {
                throw StoreError.conflict("a token \"\(name)\" exists already; revoke it or choose another name")
            }
            let now = Date()
            guard expires.map({ $0 > now }) ?? true else {
                throw StoreError.constraint("a token must expire in the future")
            }
            try database.execute(
                sql: "INSERT INTO token (name, hash, role, everywhere, created, expires) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [name, Data(TokenText.hash(of: text)), role.rawValue, projects == nil, now, expires])
            let id = database.lastInsertedRowID
            for project in projects ?? [] {
                guard let project = try ProjectRecord.find(database, name: project) else {
                    throw StoreError.notFound("project \"\(project)\"; create it before its tokens")
                }
                try database.execute(
                    sql: "INSERT OR IGNORE INTO token_project VALUES (?, ?)", arguments: [id, project.id])
            }
            try Self.audit(database, "create", name)
            return try TokenRecord.find(database, name: name)
        }
        guard let record else { throw StoreError.failed("the new token is gone") }
        return (record, text)
    }

    /// Revokes a token; the next request with it is refused.
    package func revokeToken(named name: String) async throws {
        try await write(frees: true) { database in
            try database.execute(
                sql: "UPDATE token SET revoked = ? WHERE name = ? AND revoked IS NULL", arguments: [Date(), name])
            guard database.changesCount > 0 else { throw StoreError.notFound("token \"\(name)\" in use") }
            try Self.audit(database, "revoke", name)
        }
    }

    /// Deletes the revoked tokens of a name; once the last token is deleted, requests need none.
    package func forgetTokens(named name: String) async throws {
        try await write(frees: true) { database in
            try database.execute(sql: "DELETE FROM token WHERE name = ? AND revoked IS NOT NULL", arguments: [name])
            guard database.changesCount > 0 else { throw StoreError.notFound("revoked token \"\(name)\"") }
            try Self.audit(database, "forget", name)
        }
    }

    private static func audit(_ database: Database, _ verb: String, _ name: String) throws {
        try AuditRecord.insert(
            database,
            NewAuditEntry(
                token: nil, project: nil, method: "COMMAND", path: "token \(verb) \(name)", status: 200, request: "-"))
    }
}
