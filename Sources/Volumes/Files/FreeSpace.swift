package import Foundation

/// The room that a disk has left.
package enum FreeSpace {
    /// Bytes that may still be written on the disk of a folder; `nil` where the system doesn't say.
    package static func bytes(at folder: URL) -> Int? {
        var facts = statvfs()
        guard statvfs(folder.path, &facts) == 0 else { return nil }
        return Int(clamping: UInt64(facts.f_bavail) * UInt64(facts.f_frsize))
    }
}
