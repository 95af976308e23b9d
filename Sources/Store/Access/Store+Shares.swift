package import Foundation
internal import GRDB

/// Links to single volumes, for programs that can't send a token in a header.
extension Store {
    /// How tokens begin, in links as well.
    package static var tokenPrefix: String { TokenText.prefix }

    /// Makes a link's token, which is not stored; `token` is that of its maker, with which the link ends, too.
    ///
    /// Links that have expired are removed on this occasion.
    package func addShare(
        volume: Int64, token: Int64?, expires: Date
    ) async throws -> (record: ShareRecord, text: String) {
        let (text, now) = (try TokenText.make(), tokenCache.now)
        let record = try await write { database in
            try database.execute(sql: "DELETE FROM share WHERE expires <= ?", arguments: [now])
            try database.execute(
                sql: "INSERT INTO share (volume, hash, token, created, expires) VALUES (?, ?, ?, ?, ?)",
                arguments: [volume, Data(TokenText.hash(of: text)), token, now, expires])
            let row = try Row.fetchOne(
                database, sql: "\(ShareRecord.selection) WHERE share.id = ?", arguments: [database.lastInsertedRowID])
            return row.map { ShareRecord(row: $0) }
        }
        guard let record else { throw StoreError.notFound("such volume any more") }
        return (record, text)
    }

    /// The links of a project that are good now, oldest first.
    package func shares(project: Int64) async throws -> [ShareRecord] {
        let now = tokenCache.now
        return try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    \(ShareRecord.selection) WHERE volume.project = :project AND \(ShareRecord.isValid)
                    ORDER BY share.id
                    """, arguments: ["project": project, "now": now]
            ).map { ShareRecord(row: $0) }
        }
    }

    /// Removes a link of a project; the next request by it is refused.
    package func removeShare(project: Int64, id: Int64) async throws {
        try await write(frees: true) { database in
            try database.execute(
                sql: "DELETE FROM share WHERE id = ? AND volume IN (SELECT id FROM volume WHERE project = ?)",
                arguments: [id, project])
            guard database.changesCount > 0 else { throw StoreError.notFound("share \(id) in this project") }
        }
    }

    /// The volume that a link's token opens now; `nil` for a token that opens none.
    package func sharedVolume(token: String) async throws -> (project: ProjectRecord, volume: VolumeRecord)? {
        let (hash, now) = (Data(TokenText.hash(of: token)), tokenCache.now)
        let found = try await read { database -> (project: String, volume: String, id: Int64)? in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT project.name, volume.name, volume.id FROM share JOIN volume ON volume.id = share.volume
                        JOIN project ON project.id = volume.project LEFT JOIN token ON token.id = share.token
                    WHERE share.hash = :hash AND \(ShareRecord.isValid)
                    """)
            return try Row.fetchOne(statement, arguments: ["hash": hash, "now": now]).map { ($0[0], $0[1], $0[2]) }
        }
        guard let found else { return nil }
        let project = try await self.project(named: found.project)
        let volume = try await self.volume(project: project.id, name: found.volume)
        return volume.id == found.id ? (project, volume) : nil
    }
}
