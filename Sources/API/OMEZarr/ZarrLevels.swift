internal import Store
internal import Synchronization

/// Where the levels of grids are, which is asked for each chunk and never changes.
final class ZarrLevels: Sendable {
    private struct Key: Hashable {
        let grid: VoxelGridID
        let level: Int
    }

    private static let most = 1000
    private let store: Store
    private let known = Mutex<[Key: StoredBricks]>([:])

    init(store: Store) { self.store = store }

    /// A level of a grid; `nil` if it isn't there yet.
    ///
    /// Bricks of a grid that is gone can't be read, though it may be known here.
    func bricks(of grid: VoxelGridID, level: Int) async throws -> StoredBricks? {
        let key = Key(grid: grid, level: level)
        if let bricks = known.withLock({ $0[key] }) { return bricks }
        guard let bricks = try await store.bricks(grid: grid, level: level) else { return nil }
        known.withLock { known in
            if known.count >= Self.most { known = [:] }
            known[key] = bricks
        }
        return bricks
    }
}
