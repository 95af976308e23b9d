internal import Foundation

extension URL {
    /// Whether a folder is there.
    var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Whether this user can write to the folder, or make it where there is none yet.
    var isWritableFolder: Bool {
        var place = absoluteURL.standardizedFileURL
        while !FileManager.default.fileExists(atPath: place.path), place.path != "/" {
            place = place.deletingLastPathComponent()
        }
        return place.isFolder && access(place.path, W_OK | X_OK) == 0
    }
}
