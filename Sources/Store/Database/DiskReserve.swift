internal import Foundation
internal import Synchronization

/// Space on the disk that is kept from the start, so that what is stored can be deleted when the disk is full.
///
/// It is a file, given up for a deletion that finds no space, and made again once there is space for it.
final class DiskReserve: Sendable {
    private let path: String
    /// In bytes: 8 MiB, or less on a small disk.
    private let size: Int
    private let isThere = Atomic(false)

    init(folder: URL) {
        path = folder.appending(path: "reserve").path
        var disk = statvfs()
        let total = statvfs(folder.path, &disk) == 0 ? Int(clamping: UInt64(disk.f_blocks) * UInt64(disk.f_frsize)) : 0
        size = min(8 << 20, max(total / 16, 1 << 20))
        _ = restore()
    }

    /// Whether there is only space for deleting.
    var isGivenUp: Bool { !isThere.load(ordering: .relaxed) }

    /// Leaves the space to a deletion; `false` if that was done before.
    func giveUp() -> Bool {
        isThere.store(false, ordering: .relaxed)
        return unlink(path) == 0
    }

    /// Takes the space again; `false` if there is none.
    @discardableResult
    func restore() -> Bool {
        if isThere.load(ordering: .relaxed) { return true }
        let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        guard posix_fallocate(file, 0, off_t(size)) == 0 else {
            // What it has got of the space is left to deletions, too.
            unlink(path)
            return false
        }
        isThere.store(true, ordering: .relaxed)
        return true
    }
}
