internal import Foundation
internal import GRDB
package import Volumes

/// A finished grid, to be read brick by brick as its bricks are packed.
package struct StoredBricks: Sendable {
    package let id: VoxelGridID
    package let header: VolumeHeader
    package let grid: BrickGrid
    /// Every byte of a brick that was never written.
    package let fill: UInt8
    private let store: Store

    fileprivate init(_ store: Store, _ id: VoxelGridID, _ row: Row) throws {
        self.store = store
        self.id = id
        header = try StoredJSON.decode(from: row["header"])
        grid = BrickGrid(extent: header.extent, edge: row["edge"])
        fill = row["fill"]
    }

    /// Bricks as `BrickCodec` packed them, `nil` for one that was never written; throws `notFound` once the grid is gone.
    ///
    /// For threads that may block.
    package func packed(_ bricks: [BrickIndex], channel: Int) throws -> [[UInt8]?] {
        try store.readNow { database in
            // A dropped grid loses its bricks one by one: a missing brick there does not mean `fill`.
            _ = try Store.finishedGrid(database, id)
            let statement = try database.cachedStatement(
                sql: "SELECT voxels FROM brick WHERE grid = ? AND channel = ? AND z = ? AND y = ? AND x = ?")
            return try bricks.map { brick in
                try Data.fetchOne(statement, arguments: [id.rawValue, channel, brick.z, brick.y, brick.x])
                    .map { [UInt8]($0) }
            }
        }
    }
}

extension Store {
    /// A level of a grid, the grid itself for 0; `nil` if that level isn't there yet, `notFound` if the grid is gone.
    package func bricks(grid: VoxelGridID, level: Int = 0) async throws -> StoredBricks? {
        try await read { database -> StoredBricks? in
            let levels = try Self.levels(database, of: grid)
            guard levels.indices.contains(level) else {
                _ = try Self.finishedGrid(database, grid)
                return nil
            }
            return try StoredBricks(self, levels[level], Self.finishedGrid(database, levels[level]))
        }
    }
}
