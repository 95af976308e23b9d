internal import Foundation
internal import Synchronization

/// The lock that gives one process a data folder: an exclusive `flock` on the file `lock` in it, and on the folder
/// itself, so that it holds as well when that file was removed or replaced.
///
/// The system releases it when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptors: Mutex<[Int32]>

    init(folder: URL) throws(StoreError) {
        let path = folder.appending(path: "lock").path
        let itself = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let reason = errno
            _ = Foundation.close(itself)
            throw .failed("can't open \(path): \(String(cString: strerror(reason)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0, Self.lockFolder(itself) else {
            let reason = errno
            let owner = Self.owner(file)
            for open in [file, itself] { _ = Foundation.close(open) }
            guard reason == EWOULDBLOCK else {
                throw .failed("can't lock \(path): \(String(cString: strerror(reason)))")
            }
            throw .folderInUse(folder, by: owner)
        }
        // Only for the message of a second server; the lock doesn't depend on it.
        let note = Array("\(getpid())\n".utf8)
        if ftruncate(file, 0) == 0 { _ = pwrite(file, note, note.count, 0) }
        descriptors = Mutex([file, itself])
    }

    deinit { release() }

    func release() {
        descriptors.withLock { descriptors in
            for open in descriptors where open >= 0 {
                // Closing alone is not enough while a process that was just forked still holds a copy of the descriptor.
                _ = flock(open, LOCK_UN)
                _ = Foundation.close(open)
            }
            descriptors = []
        }
    }

    /// `false`, with the reason in `errno`, if another process holds it; file systems that lock no folders don't count.
    private static func lockFolder(_ folder: Int32) -> Bool {
        folder < 0 || flock(folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
    }

    private static func owner(_ file: Int32) -> Int32? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &text, text.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: text[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
