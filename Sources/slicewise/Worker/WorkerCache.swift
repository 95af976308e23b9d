internal import Cryptography
internal import Foundation
internal import Jobs
internal import Text

/// Files by their SHA-256, so that a volume is fetched once; the least recently used go when they become too many.
struct WorkerCache: Sendable {
    let folder: URL
    /// The most bytes of all files; one that is needed may have more.
    let limit: Int

    /// Of files that are not whole yet.
    private static let suffix = ".part"

    /// Makes the folder, for this user only, and removes what was left half written.
    init(folder: URL, limit: Int) throws {
        self.folder = folder
        self.limit = limit
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try removeLeftovers()
    }

    /// The file of some content, fetched piece by piece if it isn't there.
    func file(
        _ content: WorkUnit.Content, fetch: (Int) async throws -> Data
    ) async throws -> URL {
        let place = folder.appending(path: content.digest)
        if FileManager.default.fileExists(atPath: place.path) {
            // Its time is that of its last use.
            try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: place.path)
            return place
        }
        try makeRoom(for: content.bytes)
        let part = folder.appending(path: ".\(UUID().uuidString)\(Self.suffix)")
        defer { try? FileManager.default.removeItem(at: part) }
        let handle = try begin(part)
        defer { try? handle.close() }
        try await Self.read(content, fetch) { try handle.write(contentsOf: $0) }
        do {
            try FileManager.default.moveItem(at: part, to: place)
        } catch _ where FileManager.default.fileExists(atPath: place.path) {
            // Another worker that shares the folder was first.
        }
        return place
    }

    /// All pieces one after the other; throws unless they are what was asked for.
    static func read(
        _ content: WorkUnit.Content, _ fetch: (Int) async throws -> Data, _ take: (Data) throws -> Void
    ) async throws {
        let hash = SHA256()
        for piece in 0..<content.pieces {
            let bytes = try await fetch(piece)
            hash.update(bytes)
            try take(bytes)
        }
        guard hash.finalize().hexadecimal == content.digest else {
            throw CommandError("what the server sent is not what its SHA-256 says; the network or a disk has errors")
        }
    }

    /// A new file that is locked while this process writes to it.
    private func begin(_ part: URL) throws -> FileHandle {
        while true {
            let descriptor = open(part.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw CommandError(
                    "\(folder.path) can't be written to (\(String(cString: strerror(errno)))); choose another --cache")
            }
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            var status = stat()
            _ = flock(descriptor, LOCK_EX)
            // Before that another worker may have taken it for a leftover.
            if fstat(descriptor, &status) != 0 || status.st_nlink > 0 { return handle }
        }
    }

    /// Removes what workers that were killed have left half fetched: nobody has it locked.
    private func removeLeftovers() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(Self.suffix) {
            let file = folder.appending(path: name)
            let descriptor = open(file.path, O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(at: file) }
        }
    }

    /// Removes files, those used longest ago first, until there is room.
    private func makeRoom(for bytes: Int) throws {
        let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: Array(keys), options: .skipsHiddenFiles
        ).compactMap { file -> (url: URL, size: Int, used: Date)? in
            guard let values = try? file.resourceValues(forKeys: keys), let size = values.fileSize,
                let used = values.contentModificationDate
            else { return nil }
            return (file, size, used)
        }.sorted { $0.used < $1.used }
        var total = files.reduce(bytes) { $0 + $1.size }
        for file in files where total > limit {
            try? FileManager.default.removeItem(at: file.url)
            total -= file.size
        }
    }
}
