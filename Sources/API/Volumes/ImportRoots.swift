internal import Foundation
internal import HTTP

/// The folders of this machine from which volumes may be taken.
struct ImportRoots: Sendable {
    private let roots: [String]

    /// Whole paths; what they lead to by links counts.
    init(_ roots: [String]) { self.roots = roots.compactMap(Self.resolved) }

    /// A file or folder below one of them; links are followed where they stay in one.
    ///
    /// What lies elsewhere is refused with 403, whether it is there or not.
    func file(_ path: String) throws(HTTPError) -> ImageFile {
        guard !roots.isEmpty else {
            throw HTTPError(
                403,
                "this server takes no files of its machine: import.roots in its settings names the folders that it may")
        }
        guard path.hasPrefix("/"), !path.contains("\0") else {
            throw .invalid("from must be a whole path on the server's machine: /data/x.ome.zarr", field: "from")
        }
        guard let real = Self.resolved(path), isAllowed(real) else {
            // What is missing in a folder that may be read may be told.
            let folder = Self.resolved(URL(filePath: path).deletingLastPathComponent().path)
            if let folder, isAllowed(folder), Self.resolved(path) == nil {
                throw .invalid("there is no \(path.suffix(200)), or the server's user may not read it", field: "from")
            }
            throw HTTPError(403, "\(path.suffix(200)) is in none of the folders of import.roots")
        }
        guard let file = ImageFile(at: URL(filePath: real)) else {
            throw .invalid("\(path.suffix(200)) is neither a file nor a folder that can be read", field: "from")
        }
        return file
    }

    private func isAllowed(_ path: String) -> Bool {
        roots.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// The path without links; `nil` if there is no such file.
    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
