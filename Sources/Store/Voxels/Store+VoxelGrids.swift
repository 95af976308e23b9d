internal import Foundation
internal import GRDB
internal import Synchronization
package import Volumes

extension Store {
    /// Starts storing voxels; callable from any thread.
    ///
    /// Voxels that were never written are read as bytes of the value `fill`, 255 for labels. Bricks have the store's size,
    /// or `edge` voxels along each edge.
    package func makeGrid(header: VolumeHeader, fill: UInt8 = 0, edge: Int? = nil) throws -> VoxelGridWriter {
        guard header.channels > 0, Axis.allCases.allSatisfy({ header.extent[$0] > 0 }) else {
            throw StoreError.constraint("a volume must have at least one channel and one voxel along each axis")
        }
        let text = try StoredJSON.encode(header)
        let edge = edge ?? options.brickEdge
        let id = try writeNow(.crash) { database in
            try database.execute(
                sql: "INSERT INTO grid (header, edge, fill) VALUES (?, ?, ?)", arguments: [text, edge, Int(fill)])
            return VoxelGridID(database.lastInsertedRowID)
        }
        return VoxelGridWriter(
            store: self, id: id, header: header, grid: BrickGrid(extent: header.extent, edge: edge), fill: fill)
    }

    /// The voxels of a finished grid, read from any thread; reading throws `notFound` once the grid is gone.
    ///
    /// `cacheBytes` is the most that is kept unpacked. `nil` is the store's default; such sources are shared between
    /// callers while they are in recent use.
    package func source(grid: VoxelGridID, cacheBytes: Int? = nil) throws -> any VoxelSource {
        let row = try readNow { try Self.finishedGrid($0, grid) }
        if cacheBytes == nil, let recent = recentSource(grid) { return recent }
        let header = try StoredJSON.decode(VolumeHeader.self, from: row["header"])
        let source = BrickSource(
            header: header, grid: BrickGrid(extent: header.extent, edge: row["edge"]), fill: row["fill"],
            cacheBytes: cacheBytes ?? options.cacheBytes
        ) { [pool] channel, brick in
            try Self.brick(pool, grid, channel, brick)
        }
        if cacheBytes == nil { remember(RecentSource(grid: grid, source: source)) }
        return source
    }

    /// Voxels by value of a finished grid of one uint8 channel, zeros left out.
    package func counts(grid: VoxelGridID) throws -> [Int: Int] {
        let text = try readNow { try Self.finishedGrid($0, grid)["counts"] as String? }
        guard let text else { throw StoreError.constraint("only one channel of uint8 is counted by value") }
        return try Self.counts(from: text)
    }

    static func finishedGrid(_ database: Database, _ grid: VoxelGridID) throws -> Row {
        let row = try Row.fetchOne(
            database, sql: "SELECT header, edge, fill, counts FROM grid WHERE id = ? AND state = 'finished'",
            arguments: [grid.rawValue])
        guard let row else { throw Self.gone(grid) }
        return row
    }

    /// The header of a finished grid that has no owner yet.
    static func freeGrid(_ database: Database, _ grid: VoxelGridID) throws -> VolumeHeader {
        let row = try finishedGrid(database, grid)
        guard try !isOwned(database, grid) else {
            throw StoreError.constraint("these voxels belong to another image or prediction")
        }
        return try StoredJSON.decode(VolumeHeader.self, from: row["header"])
    }

    static func counts(from text: String) throws -> [Int: Int] {
        let named = try StoredJSON.decode([String: Int].self, from: text)
        return Dictionary(uniqueKeysWithValues: named.compactMap { name, count in Int(name).map { ($0, count) } })
    }

    static func text(of counts: [Int: Int]) throws -> String {
        try StoredJSON.encode(Dictionary(uniqueKeysWithValues: counts.map { (String($0), $1) }))
    }

    private static func gone(_ grid: VoxelGridID) -> StoreError {
        .notFound("such voxels any more; the image or prediction they belonged to was removed or replaced")
    }

    /// A packed brick; `nil` if it was never written.
    private static func brick(
        _ pool: DatabasePool, _ grid: VoxelGridID, _ channel: Int, _ brick: BrickIndex
    ) throws -> [UInt8]? {
        try readNow(pool) { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT grid.state, brick.voxels FROM grid LEFT JOIN brick ON brick.grid = grid.id
                        AND brick.channel = ? AND brick.z = ? AND brick.y = ? AND brick.x = ?
                    WHERE grid.id = ?
                    """)
            let row = try Row.fetchOne(statement, arguments: [channel, brick.z, brick.y, brick.x, grid.rawValue])
            guard let row else { throw Self.gone(grid) }
            if let voxels = row[1] as Data? { return [UInt8](voxels) }
            // A dropped grid loses its bricks one by one: a missing brick there does not mean `fill`.
            guard row[0] == "finished" else { throw Self.gone(grid) }
            return nil
        }
    }

    private func recentSource(_ grid: VoxelGridID) -> BrickSource? {
        sources.withLock { sources in
            guard let place = sources.firstIndex(where: { $0.grid == grid }) else { return nil }
            let found = sources.remove(at: place)
            sources.append(found)
            return found.source
        }
    }

    private func remember(_ source: RecentSource) {
        sources.withLock { sources in
            sources.removeAll { $0.grid == source.grid }
            if sources.count >= 4 { sources.removeFirst() }
            sources.append(source)
        }
    }
}
