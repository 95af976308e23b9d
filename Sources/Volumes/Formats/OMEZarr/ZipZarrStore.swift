internal import Foundation

/// A hierarchy of Zarr in a zip archive, at its root or in a folder of it.
struct ZipZarrStore: ZarrStore {
    let words = "the zip archive"
    private let archive: ZipArchive
    private let entries: [String: ZipArchive.Entry]
    /// The folder in which the hierarchy is, with a stroke at its end.
    private let root: String

    /// Whether an archive holds one.
    static func isZarr(_ archive: ZipArchive) -> Bool {
        !roots(of: archive.entries.lazy.map(\.name).filter(isContent)).isEmpty
    }

    init(_ archive: ZipArchive) throws(VolumeError) {
        let known = archive.entries.filter { Self.isContent($0.name) }
        let roots = Self.roots(of: known.map(\.name))
        guard roots.count == 1, let root = roots.first else {
            throw .unsupported(
                "the zip archive holds \(roots.count) hierarchies of Zarr side by side; send one of them by itself: "
                    + roots.sorted().prefix(20).joined(separator: ", "))
        }
        self.archive = archive
        self.root = root
        entries = Dictionary(known.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Files that macOS puts into archives are none of it.
    private static func isContent(_ name: String) -> Bool {
        let last = name.split(separator: "/").last ?? ""
        return !name.hasPrefix("__MACOSX/") && last != ".DS_Store" && !last.hasPrefix("._")
    }

    /// The outermost folders with a document of Zarr.
    private static func roots(of names: some Sequence<String>) -> Set<String> {
        var roots: Set<String> = []
        var depth = Int.max
        for name in names {
            let end = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
            guard ZarrDocument(rawValue: String(name[end...])) != nil else { continue }
            let folder = name[..<end]
            let steps = folder.count { $0 == "/" }
            if steps < depth { (roots, depth) = ([], steps) }
            if steps == depth { roots.insert(String(folder)) }
        }
        return roots
    }

    func bytes(_ key: String, atMost limit: Int) throws(VolumeError) -> [UInt8]? {
        guard let entry = entries[root + key] else { return nil }
        return try archive.bytes(of: entry, atMost: limit)
    }

    func file(_ key: String, scratch: URL) throws(VolumeError) -> OpenFile? {
        guard let entry = entries[root + key] else { return nil }
        if let room = FreeSpace.bytes(at: scratch), room < entry.size {
            throw .full("a file in the zip archive unpacks to \(entry.size) bytes; the disk has less free space")
        }
        let target = try ScratchFile(in: scratch)
        try archive.copy(entry, to: target)
        return try target.reopen()
    }

    func nodes() throws(VolumeError) -> [String] {
        var paths: Set<String> = []
        for name in entries.keys where name.hasPrefix(root) {
            let parts = name.dropFirst(root.count).split(separator: "/", omittingEmptySubsequences: false)
            guard let last = parts.last, ZarrDocument(rawValue: String(last)) != nil, parts.count <= 6 else { continue }
            paths.insert(parts.dropLast().joined(separator: "/"))
        }
        return Array(paths.sorted { ($0.count, $0) < ($1.count, $1) }.prefix(1000))
    }
}
