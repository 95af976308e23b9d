internal import Foundation
internal import Synchronization

/// The lock that gives one process a data folder: an exclusive `flock` on the file `lock` in it.
///
/// The system releases it when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Mutex<Int32?>

    init(folder: URL) throws(StoreError) {
        let path = folder.appending(path: "lock").path
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .failed("can't open \(path): \(String(cString: strerror(errno)))") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let owner = Self.owner(file)
            _ = Foundation.close(file)
            guard reason == EWOULDBLOCK else {
                throw .failed("can't lock \(path): \(String(cString: strerror(reason)))")
            }
            throw .folderInUse(folder, by: owner)
        }
        // Only for the message of a second server; the lock doesn't depend on it.
        let note = Array("\(getpid())\n".utf8)
        if ftruncate(file, 0) == 0 { _ = pwrite(file, note, note.count, 0) }
        descriptor = Mutex(file)
    }

    deinit { release() }

    func release() {
        descriptor.withLock {
            if let file = $0 {
                // Closing alone is not enough while a process that was just forked still holds a copy of the descriptor.
                _ = flock(file, LOCK_UN)
                _ = Foundation.close(file)
            }
            $0 = nil
        }
    }

    private static func owner(_ file: Int32) -> Int32? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &text, text.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: text[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
