internal import Foundation
internal import GRDB

extension Store {
    /// Bytes of the database and its write-ahead log on the disk.
    package var databaseSize: Int {
        [file.path, file.path + "-wal"].reduce(0) { sum, path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return sum + ((attributes?[.size] as? Int) ?? 0)
        }
    }

    /// Moves the write-ahead log into the database file as far as open readers permit.
    package func checkpoint() async throws {
        do {
            try await pool.writeWithoutTransaction { [checkpointer] in try checkpointer.empty($0) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// Checks the whole database; returns what is wrong, nothing if it is intact.
    package func integrityCheck() async throws -> [String] { try await read(Self.faults) }

    static func faults(_ database: Database) throws -> [String] {
        let pages = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        let links = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map {
            "table \($0[0] as String? ?? "?") refers to a missing row of \($0[2] as String? ?? "?")"
        }
        return pages + links
    }
}
