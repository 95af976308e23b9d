package import Foundation
internal import GRDB

extension Store {
    /// Writes a consistent and checked copy to a new file, which only its owner may read, while the store stays in use.
    ///
    /// To restore it, put it into an empty folder as `slicewise.sqlite`.
    package func backup(to file: URL) async throws { try await Self.copy(pool, to: file) }

    /// The same for a folder that another process may be serving; takes no lock and changes nothing there.
    package static func backup(folder: URL, to file: URL) async throws {
        let source = Self.file(in: folder)
        guard FileManager.default.fileExists(atPath: source.path) else {
            throw StoreError.notFound("database in \(folder.path)")
        }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(30)
            let queue = try DatabaseQueue(path: source.path, configuration: configuration)
            try await copy(queue, to: file)
            try queue.close()
        } catch {
            throw StoreError.translated(error)
        }
    }

    private static func copy(_ source: any DatabaseReader, to file: URL) async throws {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw StoreError.conflict("\(file.path) exists already; a backup needs a new file")
        }
        // The copy is renamed when it is complete: a crash leaves only a hidden file beside it.
        let draft = file.deletingLastPathComponent().appending(path: ".\(file.lastPathComponent).\(UUID()).part")
        defer {
            for end in ["", "-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: draft.path + end)
            }
        }
        do {
            try await fill(draft, from: source)
            try FileManager.default.moveItem(at: draft, to: file)
            try sync(file.deletingLastPathComponent())
        } catch {
            throw StoreError.translated(error)
        }
    }

    private static func fill(_ file: URL, from source: any DatabaseReader) async throws {
        Privacy.makeFile(file.path)
        let copy = try DatabaseQueue(path: file.path)
        try await source.read { source in
            try copy.writeWithoutTransaction { try source.backup(to: $0) }
        }
        let faults = try await copy.writeWithoutTransaction { database in
            // A single file without a write-ahead log, synced to the disk.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE")
            return try Self.faults(database)
        }
        try copy.close()
        guard faults.isEmpty else { throw StoreError.corrupt(faults.prefix(3).joined(separator: "; ")) }
        try sync(file)
    }

    /// Syncs a file, or the entries of a folder, to the disk.
    private static func sync(_ place: URL) throws {
        let descriptor = Foundation.open(place.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { _ = Foundation.close(descriptor) }
            throw StoreError.failed("can't write \(place.path): \(reason)")
        }
        _ = Foundation.close(descriptor)
    }
}
