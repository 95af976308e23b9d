internal import Foundation

extension URL {
    /// Whether the folder exists.
    var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Whether this user can write to the folder, or create it if it does not exist.
    var isWritableFolder: Bool {
        var existing = absoluteURL.standardizedFileURL
        while !FileManager.default.fileExists(atPath: existing.path), existing.path != "/" {
            existing = existing.deletingLastPathComponent()
        }
        return existing.isFolder && access(existing.path, W_OK | X_OK) == 0
    }
}
