package import Foundation
internal import GRDB

extension Store {
    /// Bytes of the database and its write-ahead log on the disk.
    package var databaseSize: Int {
        [file.path, file.path + "-wal"].reduce(0) { sum, path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return sum + ((attributes?[.size] as? Int) ?? 0)
        }
    }

    /// Moves the write-ahead log into the database's file as far as readers let it.
    package func checkpoint() async throws {
        do {
            _ = try await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// Reads the whole database; says what is wrong, or nothing.
    package func integrityCheck() async throws -> [String] {
        try await read { database in
            let pages = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            let links = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map {
                "table \($0[0] as String? ?? "?") refers to a missing row of \($0[2] as String? ?? "?")"
            }
            return pages + links
        }
    }

    /// Writes a consistent copy to a new file while the store goes on working.
    ///
    /// To use it, put it into an empty folder as `slicewise.sqlite`.
    package func backup(to file: URL) async throws {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw StoreError.conflict("\(file.path) is there already; a backup goes to a new file")
        }
        let draft = file.deletingLastPathComponent().appending(path: ".\(file.lastPathComponent).\(UUID())")
        defer {
            for end in ["", "-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: draft.path + end)
            }
        }
        do {
            try await Self.copy(pool, to: draft)
            try FileManager.default.moveItem(at: draft, to: file)
        } catch {
            throw StoreError.translated(error)
        }
    }

    private static func copy(_ pool: DatabasePool, to file: URL) async throws {
        let copy = try DatabaseQueue(path: file.path)
        try await pool.read { source in
            try copy.writeWithoutTransaction { try source.backup(to: $0) }
        }
        try await copy.writeWithoutTransaction { database in
            // One file without a log beside it, on the disk.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE")
        }
        try copy.close()
        let handle = try FileHandle(forReadingFrom: file)
        try handle.synchronize()
        try handle.close()
    }
}
