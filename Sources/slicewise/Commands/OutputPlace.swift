internal import Foundation

/// Where a command's results go, looked at before its work, lest that be in vain.
enum OutputPlace {
    /// Throws unless a file can be made at a path; its folder must be there.
    static func check(file path: String) throws(CommandError) {
        let url = URL(filePath: path).absoluteURL
        guard !url.isFolder else { throw CommandError("\(path): is a folder; a file's name is expected") }
        let folder = url.deletingLastPathComponent()
        guard folder.isFolder else { throw CommandError("\(path): there is no folder \(folder.path)") }
        guard folder.isWritableFolder else {
            throw CommandError("\(path): this user may not write to the folder \(folder.path)")
        }
    }

    /// Throws unless a folder can be written to, or made.
    static func check(folder path: String) throws(CommandError) {
        guard URL(filePath: path, directoryHint: .isDirectory).isWritableFolder else {
            throw CommandError("\(path): is no folder that this user may make or write to")
        }
    }
}
