internal import Foundation
internal import HTTP
internal import Volumes

/// The folders of this machine and of web servers from which volumes may be taken.
struct ImportRoots: Sendable {
    private let folders: [String]
    private let addresses: [WebFolder]
    private let pauses: [Double]

    /// `roots` are whole paths, where what they lead to by links counts, and addresses; `pauses` are in seconds.
    init(_ roots: [String], pauses: [Double] = []) {
        self.pauses = pauses
        folders = roots.filter { !WebFolder.isMeant(by: $0) }.compactMap(Self.resolved)
        addresses = roots.filter(WebFolder.isMeant).compactMap { try? WebFolder($0) }
    }

    /// What a text names: a file or folder below one of them, by its path or its address.
    func file(_ text: String) throws -> ImageFile {
        try WebFolder.isMeant(by: text) ? address(text) : file(at: text)
    }

    private func address(_ text: String) throws -> ImageFile {
        let folder: WebFolder
        do {
            folder = try WebFolder(text)
        } catch {
            throw HTTPError.invalid("\(error)", field: "from")
        }
        guard addresses.contains(where: { $0.contains(folder) }) else {
            throw HTTPError(
                403,
                addresses.isEmpty
                    ? "this server fetches nothing from others: import.roots in its settings names the addresses that it may"
                    : "\(folder) is in none of the folders of import.roots")
        }
        return ImageFile(at: folder, within: addresses, pauses: pauses)
    }

    /// A file or folder of this machine; links are followed where they stay in one of the folders.
    ///
    /// What lies elsewhere is refused with 403, whether it is there or not.
    private func file(at path: String) throws(HTTPError) -> ImageFile {
        guard !folders.isEmpty else {
            throw HTTPError(
                403,
                "this server takes no files of its machine: import.roots in its settings names the folders that it may")
        }
        guard path.hasPrefix("/"), !path.contains("\0") else {
            throw .invalid(
                "from must be a whole path on the server's machine, /data/x.ome.zarr, or an address, "
                    + "https://example.org/x.ome.zarr", field: "from")
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
        folders.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// The path without links; `nil` if there is no such file.
    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
