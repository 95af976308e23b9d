internal import Foundation

/// Keeps files from other users of the machine, whatever the umask: 0700 for folders, 0600 for files.
enum Privacy {
    /// Makes a folder if it is missing, and tightens it; whether others had rights there before.
    static func makeFolder(_ folder: URL) throws -> Bool {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return tighten(folder.path, to: 0o700)
    }

    /// Makes an empty file unless it exists, and tightens it.
    static func makeFile(_ path: String) {
        let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        if file >= 0 { _ = close(file) }
        _ = tighten(path, to: 0o600)
    }

    /// Takes the rights of others away, if it is ours; whether they had some.
    @discardableResult
    static func tighten(_ path: String, to mode: mode_t) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return false }
        return chmod(path, mode) == 0
    }
}
