internal import Foundation
internal import JSON

/// A hierarchy of Zarr in a folder, of which nothing is followed that leads out of it.
struct FolderZarrStore: ZarrStore {
    let words = "the folder"
    private let root: String

    private static let deepest = 5
    private static let mostNodes = 1000

    /// `nil` if there is no such folder.
    init?(_ url: URL) {
        guard let path = realpath(url.path, nil) else { return nil }
        defer { free(path) }
        root = String(cString: path)
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else { return nil }
    }

    func bytes(_ key: String, atMost limit: Int) throws(VolumeError) -> [UInt8]? {
        guard let file = try opened(key) else { return nil }
        guard file.size <= limit else {
            throw .tooLarge("\(key) has \(file.size) bytes; at most \(limit) are read")
        }
        return try file.bytes(at: 0, upTo: file.size)
    }

    func file(_ key: String, scratch: URL) throws(VolumeError) -> OpenFile? { try opened(key) }

    /// Where the file is that was opened, the system tells, so that no link can change it meanwhile.
    func opened(_ key: String) throws(VolumeError) -> OpenFile? {
        // What waits, such as a pipe, is opened without waiting, and refused.
        let descriptor = open("\(root)/\(key)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .io("cannot open \(key): \(lastSystemError())")
        }
        let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        let file = try OpenFile(owning: descriptor)
        guard let place, place.hasPrefix(root + "/") else {
            throw .unsupported("\(key) leads out of the folder; links to elsewhere are not followed")
        }
        return file
    }

    func nodes() throws(VolumeError) -> [String] {
        var found: [String] = []
        var next = [""]
        for _ in 0...Self.deepest {
            var inner: [String] = []
            for path in next where found.count < Self.mostNodes {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(path)")) ?? []
                let documents = names.compactMap(ZarrDocument.init(rawValue:))
                if !documents.isEmpty { found.append(path) }
                // Below an array there are chunks.
                guard documents.isEmpty || (!documents.contains(.array) && !isArray(path)) else { continue }
                inner += names.filter { !$0.hasPrefix(".") && ZarrDocument(rawValue: $0) == nil }.sorted()
                    .prefix(Self.mostNodes).map { path.isEmpty ? $0 : "\(path)/\($0)" }
            }
            next = Array(inner.prefix(Self.mostNodes))
        }
        return found
    }

    private func isArray(_ path: String) -> Bool {
        (try? document(.node, at: path))?.json["node_type"].word == "array"
    }
}
