package import Foundation
internal import GRDB
package import Migrations
internal import Synchronization

/// The database: one SQLite file in WAL mode, in a folder that one process owns.
///
/// What a call has stored when it returns survives a crash and a loss of power, unless it says otherwise.
/// When their task is cancelled, asynchronous calls throw `CancellationError` and store nothing.
package final class Store: Sendable {
    package let folder: URL
    package let options: StoreOptions
    let pool: DatabasePool
    let checkpointer: WALCheckpointer
    let recordCache = RecordCache()
    /// What differs where slices cross is found in them.
    package let crossings: CrossingCache
    let durableWrites = GroupCommit(.power)
    let relaxedWrites = GroupCommit(.crash)
    let sources = Mutex<[RecentSource]>([])
    let reserve: DiskReserve
    /// Rung when there may be levels to make.
    package let levelBell = Bell()
    /// The files of the database that were opened, by their paths.
    private let identities: [String: FileIdentity]
    /// Gives up files that can be made again; whether there were some.
    let dispensable = Mutex<(@Sendable () -> Bool)?>(nil)
    /// Tokens, which a server checks at every request.
    package let tokenCache: TokenCache
    /// Whether others than its owner had rights to the folder before.
    package let wasOpenToOthers: Bool
    /// `nil` if another process owns the folder.
    private let lock: FolderLock?

    /// Creates the folder if needed, closes it to other users, locks it, opens and migrates the database, and removes what a crash left.
    package init(
        folder: URL, options: StoreOptions = StoreOptions(), migrations: [Migration] = Migrations.all
    ) throws {
        self.folder = folder
        self.options = options
        do {
            let isNew = !FileManager.default.fileExists(atPath: folder.path)
            wasOpenToOthers = try Privacy.makeFolder(folder) && !isNew
        } catch {
            throw StoreError.failed("can't make the data folder \(folder.path): \(error.localizedDescription)")
        }
        lock = try FolderLock(folder: folder)
        do {
            // The write-ahead log gets the rights of the database.
            for end in ["", "-wal", "-shm"]
            where end.isEmpty || FileManager.default.fileExists(atPath: Self.file(in: folder).path + end) {
                Privacy.makeFile(Self.file(in: folder).path + end)
            }
            reserve = DiskReserve(folder: folder)
            do {
                pool = try Self.open(Self.file(in: folder), options: options)
            } catch StoreError.full {
                _ = reserve.giveUp()
                pool = try Self.open(Self.file(in: folder), options: options)
            }
            try Schema(migrations: migrations).apply(to: pool)
            checkpointer = try WALCheckpointer(file: Self.file(in: folder))
            tokenCache = try TokenCache(file: Self.file(in: folder))
            crossings = try CrossingCache(file: Self.file(in: folder), limit: options.crossingBytes)
            identities = Self.identities(in: folder)
            pool.add(transactionObserver: recordCache, extent: .databaseLifetime)
            do {
                try recover()
            } catch StoreError.full {
                // A full disk: reading still works, and deleting frees space; the next start removes the rest.
            }
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// Opens the database of a folder that another process owns and serves; for single calls of commands.
    ///
    /// Nothing is migrated or cleaned up: the owner does that.
    private init(beside folder: URL) throws {
        self.folder = folder
        options = StoreOptions(readers: 1)
        wasOpenToOthers = false
        lock = nil
        do {
            reserve = DiskReserve(folder: folder)
            pool = try Self.open(Self.file(in: folder), options: options)
            try Schema(migrations: Migrations.all).verify(pool)
            checkpointer = try WALCheckpointer(file: Self.file(in: folder))
            tokenCache = try TokenCache(file: Self.file(in: folder))
            crossings = try CrossingCache(file: Self.file(in: folder), limit: options.crossingBytes)
            identities = Self.identities(in: folder)
            pool.add(transactionObserver: recordCache, extent: .databaseLifetime)
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// Opens a store for one call, whether or not a server owns the folder.
    package static func visiting(_ folder: URL) throws -> Store {
        do {
            return try Store(folder: folder)
        } catch StoreError.folderInUse {
            return try Store(beside: folder)
        }
    }

    /// Moves the write-ahead log into the database, closes it and unlocks the folder; the store can't be used then.
    package func close() throws {
        sources.withLock { $0 = [] }
        do {
            try tokenCache.close()
            try crossings.close()
            try checkpointer.close()
            // If a reader prevents it, the log is moved at the next start.
            if lock != nil { _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
            try pool.close()
        } catch {
            throw StoreError.translated(error)
        }
        lock?.release()
    }

    /// Whether the files that were opened still lie in the folder: that, or its disk, may be gone, or be another one.
    ///
    /// Quick enough to be asked at every change.
    package var isInPlace: Bool {
        !identities.isEmpty && identities.allSatisfy { FileIdentity(of: $0.key) == $0.value }
    }

    /// Throws `gone` if what would be written is not in its place any more, and would be lost with the process.
    package func checkPlace() throws(StoreError) { if !isInPlace { throw .gone(folder) } }

    /// The database with its write-ahead log and the index of that, as far as they are there.
    private static func identities(in folder: URL) -> [String: FileIdentity] {
        let paths = ["", "-wal", "-shm"].map { file(in: folder).path + $0 }
        return Dictionary(uniqueKeysWithValues: paths.compactMap { path in FileIdentity(of: path).map { (path, $0) } })
    }

    /// The database file.
    package var file: URL { Self.file(in: folder) }

    static func file(in folder: URL) -> URL { folder.appending(path: "slicewise.sqlite") }
}
