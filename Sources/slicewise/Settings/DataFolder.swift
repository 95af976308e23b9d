internal import Foundation

/// The folder of `data.folder`, which need not exist yet.
struct DataFolder {
    let url: URL

    /// Throws unless this user can write to the folder or create it.
    func checkWritable() throws(SettingsError) {
        guard url.isWritableFolder else {
            throw .outOfRange(key: "data.folder", value: url.path, allowed: "a folder that this user may write to")
        }
    }
}
