package import Foundation
internal import GRDB
package import Migrations
internal import Synchronization

/// What is kept between runs: one SQLite file in WAL mode, in a folder that one process owns.
///
/// A call that has returned is on the disk and survives a crash and a loss of power, unless it says otherwise.
/// Asynchronous calls stop with `CancellationError`, nothing stored, when their task is cancelled.
package final class Store: Sendable {
    package let folder: URL
    package let options: StoreOptions
    let pool: DatabasePool
    let checkpointer: WALCheckpointer
    let recordCache = RecordCache()
    let durableWrites = GroupCommit(.power)
    let relaxedWrites = GroupCommit(.crash)
    let sources = Mutex<[RecentSource]>([])
    /// What a server asks at every request.
    package let tokenCache: TokenCache
    /// `nil` beside the process that has the folder.
    private let lock: FolderLock?

    /// Creates the folder if need be, takes its lock, opens and migrates the database, and removes what a crash left.
    package init(
        folder: URL, options: StoreOptions = StoreOptions(), migrations: [Migration] = Migrations.all
    ) throws {
        self.folder = folder
        self.options = options
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw StoreError.failed("can't make the data folder \(folder.path): \(error.localizedDescription)")
        }
        lock = try FolderLock(folder: folder)
        do {
            pool = try Self.open(Self.file(in: folder), options: options)
            try Schema(migrations: migrations).apply(to: pool)
            checkpointer = try WALCheckpointer(file: Self.file(in: folder))
            tokenCache = try TokenCache(file: Self.file(in: folder))
            pool.add(transactionObserver: recordCache, extent: .databaseLifetime)
            do {
                try recover()
            } catch StoreError.full {
                // What is stored can still be read, and deleting makes room; the next start removes the rest.
            }
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// Opens the database of a folder that another process has, which goes on working; for single calls of commands.
    ///
    /// Nothing is migrated or cleaned up: that is the other's business.
    private init(beside folder: URL) throws {
        self.folder = folder
        options = StoreOptions(readers: 1)
        lock = nil
        do {
            pool = try Self.open(Self.file(in: folder), options: options)
            try Schema(migrations: Migrations.all).verify(pool)
            checkpointer = try WALCheckpointer(file: Self.file(in: folder))
            tokenCache = try TokenCache(file: Self.file(in: folder))
            pool.add(transactionObserver: recordCache, extent: .databaseLifetime)
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// Opens a store for a moment, whether a server has the folder or nobody.
    package static func visiting(_ folder: URL) throws -> Store {
        do {
            return try Store(folder: folder)
        } catch StoreError.folderInUse {
            return try Store(beside: folder)
        }
    }

    /// Moves the write-ahead log into the database, closes it and lets go of the folder; the store is of no use then.
    package func close() throws {
        sources.withLock { $0 = [] }
        do {
            try tokenCache.close()
            try checkpointer.close()
            // A reader in the way only means that the log is read again at the next start.
            if lock != nil { _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
            try pool.close()
        } catch {
            throw StoreError.translated(error)
        }
        lock?.release()
    }

    /// The database's file.
    package var file: URL { Self.file(in: folder) }

    static func file(in folder: URL) -> URL { folder.appending(path: "slicewise.sqlite") }
}
