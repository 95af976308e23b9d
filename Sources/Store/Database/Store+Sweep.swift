internal import Foundation
internal import GRDB

/// Frees the space of voxels without an owner, in transactions so short that other calls hardly wait.
extension Store {
    /// The grids that a volume or prediction owns.
    private static let ownedDirectly = """
        SELECT image FROM volume UNION ALL SELECT truth FROM volume WHERE truth IS NOT NULL
        UNION ALL SELECT labels FROM prediction UNION ALL SELECT probability FROM prediction
        """

    /// These and their levels.
    private static let owned = "\(ownedDirectly) UNION ALL SELECT smaller FROM level"

    /// Drops the grids that the last process left unfinished or without an owner.
    func recover() throws {
        _ = try writeNow { database in
            // A store may be opened with the migrations of an earlier version.
            let owned = try database.tableExists("level") ? Self.owned : Self.ownedDirectly
            try database.execute(
                sql: "UPDATE grid SET state = 'dropped' WHERE state <> 'dropped' AND id NOT IN (\(owned))")
        }
        while try writeNow(.crash, sweepStep) {}
    }

    /// Sweeps until nothing is left to free.
    ///
    /// If it fails, the next sweep continues.
    func sweep() async {
        while (try? await write(.crash, frees: true, sweepStep)) == true {}
        reserve.restore()
    }

    /// Drops the grids if they have no owner and sweeps, in the background, even if the calling task is cancelled.
    func dropLater(_ grids: [VoxelGridID]) {
        pool.asyncWriteWithoutTransaction { [weak self] database in
            for grid in grids { try? Self.drop(database, grid) }
            self?.sweepLater()
        }
    }

    private func sweepLater() {
        pool.asyncWriteWithoutTransaction { [weak self] database in
            guard let self, let more = try? Self.transaction(database, .crash, sweepStep), more else { return }
            sweepLater()
        }
    }

    /// Drops a grid unless it has an owner.
    static func drop(_ database: Database, _ grid: VoxelGridID) throws {
        try database.execute(
            sql: "UPDATE grid SET state = 'dropped' WHERE id = ? AND state <> 'dropped' AND id NOT IN (\(owned))",
            arguments: [grid.rawValue])
    }

    static func isOwned(_ database: Database, _ grid: VoxelGridID) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT ? IN (\(owned))", arguments: [grid.rawValue]) ?? false
    }

    /// Removes a few bricks of a dropped grid or else returns a few pages to the disk; `false` if nothing is left.
    @Sendable private func sweepStep(_ database: Database) throws -> Bool {
        if let grid = try Int64.fetchOne(database, sql: "SELECT id FROM grid WHERE state = 'dropped' LIMIT 1") {
            try database.execute(
                sql: "DELETE FROM brick WHERE rowid IN (SELECT rowid FROM brick WHERE grid = ? LIMIT 32)",
                arguments: [grid])
            if database.changesCount == 0 {
                try database.execute(sql: "DELETE FROM grid WHERE id = ?", arguments: [grid])
            }
            return true
        }
        // Some free pages are kept for the next writes.
        let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        guard free > 256 else { return false }
        // Moving pages takes room in the log.
        try database.execute(sql: "PRAGMA incremental_vacuum(\(min(free - 128, reserve.isGivenUp ? 64 : 1024)))")
        return try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0 < free
    }
}
