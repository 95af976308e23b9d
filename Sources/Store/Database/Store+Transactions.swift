internal import Foundation
internal import GRDB

/// What a transaction survives once its call has returned.
enum Durability: String {
    /// A loss of power.
    case power = "FULL"
    /// A crash of the process; the next durable transaction makes it durable too, as both are in one log.
    case crash = "NORMAL"
}

extension Store {
    static let pageSize = 8192

    static func open(_ file: URL, options: StoreOptions) throws -> DatabasePool {
        if (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0 == 0 {
            // These can be set only while the database is empty.
            let queue = try DatabaseQueue(path: file.path)
            try queue.inDatabase {
                try $0.execute(sql: "PRAGMA page_size = \(pageSize); PRAGMA auto_vacuum = INCREMENTAL; VACUUM")
            }
            try queue.close()
        }
        var configuration = Configuration()
        configuration.label = "store"
        configuration.maximumReaderCount = options.readers
        configuration.busyMode = .timeout(30)
        let limit = WALCheckpointer.limit(on: file.deletingLastPathComponent())
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA journal_size_limit = \(limit * pageSize * 3 / 2); PRAGMA wal_autocheckpoint = \(limit)
                    """)
            if let bytes = options.maximumBytes {
                try database.execute(sql: "PRAGMA max_page_count = \(max(bytes / pageSize, 1))")
            }
        }
        return try DatabasePool(path: file.path, configuration: configuration)
    }

    /// One transaction that reads a consistent snapshot of the database.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// One transaction that changes the database, all or nothing.
    func write<Value: Sendable>(
        _ durability: Durability = .power, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        defer { checkpointer.note(pool) }
        let body = PendingRequest.recording(most: options.rememberedRequests, body)
        do {
            return try await pool.writeWithoutTransaction { try Self.transaction($0, durability, body) }
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// `write` for small, frequent changes: those that wait at the same time share a transaction.
    func writeShared<Value: Sendable>(
        _ durability: Durability = .power, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        defer { checkpointer.note(pool) }
        let body = PendingRequest.recording(most: options.rememberedRequests, body)
        do {
            return try await (durability == .power ? durableWrites : relaxedWrites).write(pool, body)
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// `read` for threads that may block; not to be called in another call's body.
    func readNow<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try Self.readNow(pool, body)
    }

    static func readNow<Value>(_ pool: DatabasePool, _ body: (Database) throws -> Value) throws -> Value {
        do {
            return try pool.read(body)
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// `write` for threads that may block; not to be called in another call's body.
    func writeNow<Value>(_ durability: Durability = .power, _ body: (Database) throws -> Value) throws -> Value {
        defer { checkpointer.note(pool) }
        do {
            return try pool.writeWithoutTransaction { try Self.transaction($0, durability, body) }
        } catch {
            throw StoreError.translated(error)
        }
    }

    static func transaction<Value>(
        _ database: Database, _ durability: Durability, _ body: (Database) throws -> Value
    ) throws -> Value {
        try database.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
        var value: Value?
        try database.inTransaction(.immediate) {
            value = try body(database)
            return .commit
        }
        guard let value else { throw StoreError.failed("a transaction ended without a value") }
        return value
    }
}
