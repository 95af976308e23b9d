internal import GRDB
internal import Volumes

/// Makes a missing level brick by brick, for a thread that may block; released before its end it leaves nothing behind.
package final class LevelWriter {
    private let missing: MissingLevel
    private let store: Store
    private let source: any VoxelSource
    private let writer: VoxelGridWriter
    private let bricks: [BrickIndex]
    private var next = 0

    /// Throws `notFound` if the grid is gone.
    package init(_ missing: MissingLevel, in store: Store) throws {
        self.missing = missing
        self.store = store
        source = try store.source(grid: missing.source, cacheBytes: 0)
        writer = try store.makeGrid(header: missing.header, fill: missing.fill, edge: missing.edge)
        bricks = writer.grid.bricks
    }

    /// Makes the next brick; `false` if none is left.
    package func step() throws -> Bool {
        guard next < bricks.count * missing.header.channels else { return false }
        let (channel, brick) = (next / bricks.count, bricks[next % bricks.count])
        let box = writer.grid.box(of: brick)
        let voxels: [UInt8]
        do {
            voxels = try missing.halving.read(box, channel: channel, from: source, halving: missing.axes)
        } catch {
            throw StoreError.translated(error)
        }
        try writer.write(box: box, channel: channel, values: voxels)
        next += 1
        return true
    }

    /// Makes the level readable, unless its grid was dropped meanwhile, which throws `notFound`.
    package func finish() throws {
        let smaller = try writer.finish()
        do {
            try store.writeNow { [missing] database in
                _ = try Store.finishedGrid(database, missing.grid)
                try database.execute(
                    sql: "INSERT INTO level (grid, level, smaller) VALUES (?, ?, ?)",
                    arguments: [missing.grid.rawValue, missing.level, smaller.rawValue])
            }
        } catch {
            store.dropLater([smaller])
            throw error
        }
    }
}
