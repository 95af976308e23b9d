internal import Foundation

/// Checks where a command's results go before it starts work.
enum OutputPlace {
    /// Throws unless a file can be written at a path; its folder must exist.
    static func check(file path: String) throws(CommandError) {
        let url = URL(filePath: path).absoluteURL
        guard !url.isFolder else { throw CommandError("\(path): is a folder; a file's name is expected") }
        let folder = url.deletingLastPathComponent()
        guard folder.isFolder else { throw CommandError("\(path): there is no folder \(folder.path)") }
        guard folder.isWritableFolder else {
            throw CommandError("\(path): this user may not write to the folder \(folder.path)")
        }
    }

    /// Throws unless a folder can be written to or created.
    static func check(folder path: String) throws(CommandError) {
        guard URL(filePath: path, directoryHint: .isDirectory).isWritableFolder else {
            throw CommandError("\(path): is not a folder that this user may make or write to")
        }
    }
}
