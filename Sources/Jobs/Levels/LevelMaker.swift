package import Logging
package import Store
internal import Volumes

/// Makes the levels that grids lack, one brick after another on a thread that leaves the processor to all others.
///
/// What is to be made stands in the database, so that a restart goes on with it; a level that was not finished is begun
/// again. New images come first.
package actor LevelMaker {
    private let store: Store
    private let logger: Logger
    private let retryInterval: Duration
    private let thread = ComputeThread(name: "levels", niceness: 19)
    /// Grids that can't be read, not to be tried again by this process.
    private var skipped: Set<VoxelGridID> = []
    private var isWaitingForSpace = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// With less free space than a level and this much, it is not begun: that space is for what people send.
    private static let room = 128 << 20

    package init(store: Store, logger: Logger, retryInterval: Duration = .seconds(30)) {
        self.store = store
        self.logger = logger
        self.retryInterval = retryInterval
    }

    /// Makes levels whenever there are some to make, until its task is cancelled.
    package func run() async {
        store.levelBell.ring()
        for await _ in store.levelBell.rings { await makeAll() }
    }

    /// Makes all levels that are missing; waits while the disk is full.
    package func makeAll() async {
        while !Task.isCancelled {
            var grid: VoxelGridID?
            do {
                guard let missing = try await store.missingLevel(except: skipped) else { return }
                grid = missing.grid
                try await make(missing)
                isWaitingForSpace = false
            } catch is CancellationError {
                return
            } catch StoreError.notFound {
                // It was removed or replaced meanwhile.
                if let grid { skipped.insert(grid) }
            } catch StoreError.full(let detail) {
                if !isWaitingForSpace {
                    logger.warning("there is no space for the levels of an image", metadata: ["detail": "\(detail)"])
                }
                isWaitingForSpace = true
                try? await Task.sleep(for: retryInterval)
            } catch {
                logger.error("a level of an image can't be made", metadata: ["error": "\(error)"])
                if let grid, case StoreError.corrupt? = error as? StoreError {
                    skipped.insert(grid)
                } else {
                    try? await Task.sleep(for: retryInterval)
                }
            }
        }
    }

    private func make(_ missing: MissingLevel) async throws {
        guard store.freeBytes > missing.header.byteCount + Self.room else {
            throw StoreError.full("a level may take \(missing.header.byteCount) bytes")
        }
        let writer = try LevelWriter(missing, in: store)
        while try writer.step() {
            try Task.checkCancellation()
            await Task.yield()
        }
        try writer.finish()
    }
}
