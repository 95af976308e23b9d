package import Foundation
internal import GRDB
internal import JSON

extension Store {
    /// What is known of a request that came before.
    package enum Remembered: Hashable, Sendable {
        /// The same request, with its answer; nil if the server stopped between its change and its answer.
        case same(StoredAnswer?)
        /// Another request had the key.
        case other
    }

    /// How long requests are remembered, in seconds.
    package static let memoryOfRequests: TimeInterval = 86_400

    /// What is remembered of a request; `nil` if its key is new, or older than a day.
    package func remembered(_ key: RequestKey, now: Date = Date()) async throws -> Remembered? {
        try await read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM answered_request WHERE client = ? AND key = ? AND created > ?",
                arguments: [key.client, key.key, now.addingTimeInterval(-Self.memoryOfRequests)])
            guard let row else { return nil }
            guard row["digest"] == key.digest else { return .other }
            guard let status: Int = row["status"] else { return .same(nil) }
            return .same(
                StoredAnswer(
                    status: status, headers: try JSONText.decode(from: row["headers"]), body: row["body"]))
        }
    }

    /// Whether a client's key was used within a day, whatever for.
    package func remembers(client: Int64, key: String, now: Date = Date()) async throws -> Bool {
        try await read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM answered_request WHERE client = ? AND key = ? AND created > ?)",
                arguments: [client, key, now.addingTimeInterval(-Self.memoryOfRequests)]) ?? false
        }
    }

    /// Records the answer of a request; replaces one without an answer.
    package func remember(_ key: RequestKey, _ answer: StoredAnswer) async throws {
        let most = options.rememberedRequests
        try await writeShared { try Self.remember($0, key, answer, most: most) }
    }

    /// Forgets a request that changed nothing after all.
    package func forget(_ key: RequestKey) async throws {
        try await writeShared { database in
            try database.execute(
                sql: "DELETE FROM answered_request WHERE client = ? AND key = ?", arguments: [key.client, key.key])
        }
    }

    static func remember(
        _ database: Database, _ key: RequestKey, _ answer: StoredAnswer?, most: Int, now: Date = Date()
    ) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO answered_request (client, key, digest, created, status, headers, body)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.client, key.key, key.digest, now, answer?.status,
                try answer.map { try JSONText.encode($0.headers) },
                answer?.body,
            ])
        try database.execute(
            sql: "DELETE FROM answered_request WHERE created <= ? OR id <= ?",
            arguments: [
                now.addingTimeInterval(-Self.memoryOfRequests), database.lastInsertedRowID - Int64(most),
            ])
    }
}
