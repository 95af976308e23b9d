internal import Foundation

/// The folder of `data.folder`, which need not be there yet.
struct DataFolder {
    let url: URL

    /// Throws unless this user can write there, or make it.
    func checkWritable() throws(SettingsError) {
        var place = url.standardizedFileURL
        while !FileManager.default.fileExists(atPath: place.path), place.path != "/" {
            place = place.deletingLastPathComponent()
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder)
        guard isFolder.boolValue, access(place.path, W_OK | X_OK) == 0 else {
            throw .outOfRange(key: "data.folder", value: url.path, allowed: "a folder that this user may write to")
        }
    }
}
