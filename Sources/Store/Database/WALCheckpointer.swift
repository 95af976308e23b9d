internal import Dispatch
internal import Foundation
internal import GRDB
internal import Synchronization
internal import Volumes

/// Moves the write-ahead log into the database on a connection of its own, so that who commits need not wait for it.
///
/// What it does not manage the writer still does, when the log has grown to `limit` pages.
final class WALCheckpointer: Sendable {
    /// Pages in the log at which the writer moves them itself, on a disk with room.
    static let limit = 4096

    /// The same on the disk of a folder: no more than an eighth of what is free, for a log that takes what is left of a
    /// small disk can't be moved any more.
    static func limit(on folder: URL) -> Int {
        guard let free = FreeSpace.bytes(at: folder) else { return limit }
        return min(limit, max(free / 8 / Store.pageSize, 128))
    }

    /// From one change on, how long others are waited for.
    private static let delay = DispatchTimeInterval.milliseconds(500)

    private let queue: DatabaseQueue
    private let passes = DispatchQueue(label: "checkpoints")
    /// SQLite refuses a second one at the same time.
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

    /// Waits for a pass that is under way; there are none any more then.
    func close() throws {
        passes.sync { isClosed.store(true, ordering: .relaxed) }
        try queue.close()
    }

    /// A failure only means that the log waits for the next pass.
    private func pass(_ pool: DatabasePool) {
        guard !isClosed.load(ordering: .relaxed), let log = try? move(), log > Self.limit / 2 else { return }
        // The log begins anew only when all of it is moved, and with no change since: the writer does the little that
        // has come meanwhile.
        _ = try? move()
        pool.asyncWriteWithoutTransaction { _ = try? $0.checkpoint(.passive) }
    }

    /// Moves all of the log and empties it, on the writer's connection; waits for readers.
    func empty(_ writer: Database) throws {
        try turn.withLock { _ in _ = try writer.checkpoint(.truncate) }
    }

    /// Moves what is in the log now; says how many pages those are.
    private func move() throws -> Int {
        try turn.withLock { _ in try queue.inDatabase { try $0.checkpoint(.passive).walFrameCount } }
    }
}
