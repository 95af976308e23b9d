internal import Foundation
internal import GRDB
internal import Synchronization

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
        configuration.busyMode = .timeout(options.patience)
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
        do {
            return try DatabasePool(path: file.path, configuration: configuration)
        } catch {
            throw StoreError.translated(error)
        }
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
    ///
    /// `frees`: it makes room, or has to work on a full disk; the reserve is there for it.
    func write<Value: Sendable>(
        _ durability: Durability = .power, frees: Bool = false,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        defer { checkpointer.note(pool) }
        let body = PendingRequest.recording(most: options.rememberedRequests, body)
        try checkPlace()
        if !frees { try checkReserve() }
        do {
            return try await pool.writeWithoutTransaction { try Self.transaction($0, durability, body) }
        } catch {
            guard makeRoom(after: error, frees: frees) else { throw StoreError.translated(error) }
        }
        do {
            return try await pool.writeWithoutTransaction { database in
                if frees { _ = try? database.checkpoint(.passive) }
                return try Self.transaction(database, durability, body)
            }
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// `write` for small, frequent changes: those that wait at the same time share a transaction.
    func writeShared<Value: Sendable>(
        _ durability: Durability = .power, frees: Bool = false,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        defer { checkpointer.note(pool) }
        let body = PendingRequest.recording(most: options.rememberedRequests, body)
        try checkPlace()
        if !frees { try checkReserve() }
        let group = durability == .power ? durableWrites : relaxedWrites
        do {
            return try await group.write(pool, body)
        } catch {
            guard makeRoom(after: error, frees: frees) else { throw StoreError.translated(error) }
        }
        do { return try await group.write(pool, body) } catch { throw StoreError.translated(error) }
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
        try checkPlace()
        try checkReserve()
        do {
            return try pool.writeWithoutTransaction { try Self.transaction($0, durability, body) }
        } catch {
            guard makeRoom(after: error, frees: false) else { throw StoreError.translated(error) }
        }
        do {
            return try pool.writeWithoutTransaction { try Self.transaction($0, durability, body) }
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// Tells what can be given up when the disk is full; `giveUp` says whether there was something.
    package func onFullDisk(_ giveUp: @escaping @Sendable () -> Bool) { dispensable.withLock { $0 = giveUp } }

    /// Throws while the reserve is given up: what is left of the disk is for deleting.
    private func checkReserve() throws(StoreError) {
        guard reserve.isGivenUp, !reserve.restore() else { return }
        guard dispensable.withLock({ $0 })?() == true, reserve.restore() else {
            throw .full("only deleting works until there is more space")
        }
    }

    /// Whether there may be room now for what a full disk has refused.
    private func makeRoom(after error: any Error, frees: Bool) -> Bool {
        guard case StoreError.full? = StoreError.translated(error) as? StoreError else { return false }
        let hasGivenUp = dispensable.withLock { $0 }?() == true
        return (frees && reserve.giveUp()) || hasGivenUp
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
