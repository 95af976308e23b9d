internal import Foundation

/// Which file lies at a path: its device and its number there.
struct FileIdentity: Hashable, Sendable {
    let device: UInt
    let number: UInt

    /// `nil` if there is none.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
    }
}
