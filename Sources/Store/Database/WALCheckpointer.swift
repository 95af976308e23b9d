internal import Dispatch
internal import Foundation
internal import GRDB
internal import Synchronization
internal import Volumes

/// Moves the write-ahead log into the database on a connection of its own, so that commits don't wait for it.
///
/// If it can't keep up, the writer moves the log itself once it has `limit` pages.
final class WALCheckpointer: Sendable {
    /// Pages in the log at which the writer moves them itself, on a disk with enough space.
    static let limit = 4096

    /// The same for the disk of a folder: at most an eighth of the free space, since a log that fills a small disk
    /// can't be moved.
    static func limit(on folder: URL) -> Int {
        guard let free = FreeSpace.bytes(at: folder) else { return limit }
        return min(limit, max(free / 8 / Store.pageSize, 128))
    }

    /// The wait after a change for others that follow.
    private static let delay = DispatchTimeInterval.milliseconds(500)

    private let queue: DatabaseQueue
    private let passes = DispatchQueue(label: "checkpoints")
    /// SQLite refuses two checkpoints at the same time.
    private let turn = Mutex(())
    private let isDue = Atomic(false)
    private let isClosed = Atomic(false)

    init(file: URL) throws {
        var configuration = Configuration()
        configuration.label = "checkpoints"
        queue = try DatabaseQueue(path: file.path, configuration: configuration)
    }

    /// To be called after a change.
    func note(_ pool: DatabasePool) {
        guard !isDue.exchange(true, ordering: .relaxed) else { return }
        passes.asyncAfter(deadline: .now() + Self.delay) { [weak self, weak pool] in
            self?.isDue.store(false, ordering: .relaxed)
            if let pool { self?.pass(pool) }
        }
    }

    /// Waits for a running pass and permits no other.
    func close() throws {
        passes.sync { isClosed.store(true, ordering: .relaxed) }
        try queue.close()
    }

    /// After a failure the log is left to the next pass.
    private func pass(_ pool: DatabasePool) {
        guard !isClosed.load(ordering: .relaxed), let log = try? move(), log > Self.limit / 2 else { return }
        // The log restarts only when all of it is moved and nothing was committed since: the writer moves what little
        // was committed during this pass.
        _ = try? move()
        pool.asyncWriteWithoutTransaction { _ = try? $0.checkpoint(.passive) }
    }

    /// Moves all of the log and empties it, on the writer's connection; waits for readers.
    func empty(_ writer: Database) throws {
        try turn.withLock { _ in _ = try writer.checkpoint(.truncate) }
    }

    /// Moves what is in the log now; returns the number of its pages.
    private func move() throws -> Int {
        try turn.withLock { _ in try queue.inDatabase { try $0.checkpoint(.passive).walFrameCount } }
    }
}
