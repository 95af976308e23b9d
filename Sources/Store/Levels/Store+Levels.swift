internal import GRDB
internal import Volumes

/// Smaller copies of grids, made in the background.
extension Store {
    /// The grids of all levels that are there, each list from the grid itself on.
    package func levels(of grids: [VoxelGridID]) async throws -> [VoxelGridID: [VoxelGridID]] {
        try await read { database in
            Dictionary(
                try grids.map { ($0, try Self.levels(database, of: $0)) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// A level that is to be made next: images before predictions, truths and probabilities, and the newest first.
    ///
    /// Grids that turn out to have all their levels are not looked at again.
    package func missingLevel(except skipped: Set<VoxelGridID> = []) async throws -> MissingLevel? {
        let (missing, complete) = try await read { database -> (MissingLevel?, [Int64]) in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT unlevelled_grid.grid, halving, header, edge, fill,
                        (SELECT count(*) FROM level WHERE level.grid = unlevelled_grid.grid) AS made,
                        coalesce(
                            (SELECT smaller FROM level WHERE level.grid = unlevelled_grid.grid
                                ORDER BY level DESC LIMIT 1),
                            unlevelled_grid.grid) AS last
                    FROM unlevelled_grid JOIN grid ON grid.id = unlevelled_grid.grid
                    ORDER BY turn, unlevelled_grid.grid DESC
                    """)
            var complete: [Int64] = []
            while let row = try rows.next() {
                guard let missing = try MissingLevel(row: row) else {
                    complete.append(row["grid"])
                    continue
                }
                if !skipped.contains(missing.grid) { return (missing, complete) }
            }
            return (nil, complete)
        }
        if !complete.isEmpty {
            try await write(.crash, frees: true) { database in
                for grid in complete {
                    try database.execute(sql: "DELETE FROM unlevelled_grid WHERE grid = ?", arguments: [grid])
                }
            }
        }
        return missing
    }

    static func levels(_ database: Database, of grid: VoxelGridID) throws -> [VoxelGridID] {
        let statement = try database.cachedStatement(sql: "SELECT smaller FROM level WHERE grid = ? ORDER BY level")
        return [grid] + (try Int64.fetchAll(statement, arguments: [grid.rawValue])).map { VoxelGridID($0) }
    }
}
