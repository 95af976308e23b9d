package import Foundation

/// Files that appear whole, or not at all.
package enum WholeFile {
    /// Writes a file to the disk under a name in a folder for unfinished ones, on the same disk, and then gives it its own;
    /// both folders are made.
    ///
    /// False if `onlyIfNew` and there is one of that name, which stays, whoever wrote it and when.
    @discardableResult
    package static func put(
        _ bytes: [UInt8], at target: URL, by folder: URL, onlyIfNew: Bool = false
    ) throws -> Bool {
        for one in [target.deletingLastPathComponent(), folder] {
            try FileManager.default.createDirectory(at: one, withIntermediateDirectories: true)
        }
        let temporary = folder.appending(path: UUID().uuidString)
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure() }
        do {
            defer { close(descriptor) }
            try append(bytes, to: descriptor)
            guard fsync(descriptor) == 0 else { throw failure() }
            guard onlyIfNew else {
                guard rename(temporary.path, target.path) == 0 else { throw failure() }
                return true
            }
            // Unlike a renamed file, a linked one never takes the place of another.
            let isNew = link(temporary.path, target.path) == 0
            guard isNew || errno == EEXIST else { throw failure() }
            unlink(temporary.path)
            return isNew
        } catch {
            unlink(temporary.path)
            throw error
        }
    }

    private static func append(_ bytes: [UInt8], to descriptor: Int32) throws(CommandError) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            done += count
        }
    }

    private static func failure() -> CommandError { CommandError(String(cString: strerror(errno))) }
}
