internal import Cryptography
package import Foundation
internal import HTTP
internal import Text

/// Files made for downloads, kept so that a second download, or a part of one, does not make the file again.
///
/// The least recently used are removed first when there are more than `limit` bytes; recently used ones stay.
/// They are not synced to the disk, so the folder must be emptied at the start.
package actor ExportCache {
    /// A file ready to be sent.
    package struct Export: Sendable {
        package var url: URL
        /// The entity tag; changes whenever the bytes do.
        package var tag: String
    }

    private let folder: URL
    private let limit: Int
    private let work: BlockingWork
    /// Requests waiting for a file that another request is making.
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
    private static let grace: TimeInterval = 30
    /// How often what files are made of was removed or replaced, by the beginning of their names.
    private var removals: [String: Int] = [:]

    /// What a file was made from; the file is removed with it.
    package enum Owner: Sendable {
        case volume(Int64)
        case model(Int64)

        fileprivate var prefix: String {
            switch self {
            case .volume(let id): "v\(id)-"
            case .model(let id): "m\(id)-"
            }
        }
    }

    package init(folder: URL, limit: Int, work: BlockingWork) {
        self.folder = folder
        self.limit = limit
        self.work = work
    }

    /// The file with the content identified by `identity`, made by `write` unless it exists.
    ///
    /// `identity` must change whenever the content does; `write` gets the URL to write to, which has the extension
    /// `fileExtension`, and runs on a thread that may block.
    package func export(
        _ identity: [String], of owner: Owner, fileExtension: String, write: @escaping @Sendable (URL) throws -> Void
    ) async throws -> Export {
        let tag = Self.tag(identity + [fileExtension])
        let url = folder.appending(path: "\(owner.prefix)\(tag).\(fileExtension)")
        while waiting[tag] != nil {
            await withCheckedContinuation { waiting[tag]?.append($0) }
        }
        if touch(url) { return Export(url: url, tag: tag) }
        waiting[tag] = []
        defer {
            for one in waiting.removeValue(forKey: tag) ?? [] { one.resume() }
        }
        let (folder, limit) = (folder, limit)
        let before = removals[owner.prefix]
        try await work.run {
            // Not the data folder, should that be gone.
            try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            let part = folder.appending(path: "part-\(UUID().uuidString).\(fileExtension)")
            defer { try? FileManager.default.removeItem(at: part) }
            try write(part)
            _ = try? FileManager.default.removeItem(at: url)
            try FileManager.default.moveItem(at: part, to: url)
            Self.evict(in: folder, limit: limit)
        }
        guard removals[owner.prefix] == before else {
            try? FileManager.default.removeItem(at: url)
            throw HTTPError.notFound("what this file was made of has been removed or replaced meanwhile; ask again")
        }
        return Export(url: url, tag: tag)
    }

    /// Removes the files made from something that was removed.
    package func remove(_ owners: [Owner]) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for owner in owners { removals[owner.prefix, default: 0] += 1 }
        for name in names where owners.contains(where: { name.hasPrefix($0.prefix) }) {
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }

    /// Removes all files that nobody has asked for just now; whether there were some.
    package nonisolated func giveUp() -> Bool {
        let keys: [URLResourceKey] = [.contentModificationDateKey]
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: keys)) ?? []
        var isAnyGone = false
        for file in files where !file.lastPathComponent.hasPrefix("part-") {
            let used = try? file.resourceValues(forKeys: Set(keys)).contentModificationDate
            guard let used, used.timeIntervalSinceNow < -Self.opening else { continue }
            if (try? FileManager.default.removeItem(at: file)) != nil { isAnyGone = true }
        }
        return isAnyGone
    }

    /// Seconds in which a file that was found or made is opened.
    private static let opening: TimeInterval = 10

    /// A short digest of an identity, usable as an entity tag and as a file name.
    static func tag(_ identity: [String]) -> String {
        let hash = SHA256()
        for part in identity {
            hash.update(part.utf8)
            hash.update([0])
        }
        return hash.finalize().prefix(16).hexadecimal
    }

    /// Marks a file as used; false if it does not exist.
    private func touch(_ url: URL) -> Bool {
        let now: [FileAttributeKey: Any] = [.modificationDate: Date()]
        return (try? FileManager.default.setAttributes(now, ofItemAtPath: url.path)) != nil
    }

    /// Deletes the least recently used files until the rest fits.
    private static func evict(in folder: URL, limit: Int) {
        let keys: [URLResourceKey] = [.contentModificationDateKey, .fileSizeKey]
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: keys)) ?? []
        let known = files.compactMap { url -> (url: URL, used: Date, bytes: Int)? in
            guard let values = try? url.resourceValues(forKeys: Set(keys)),
                let used = values.contentModificationDate
            else { return nil }
            return (url, used, values.fileSize ?? 0)
        }
        var total = known.reduce(0) { $0 + $1.bytes }
        let latest = Date(timeIntervalSinceNow: -grace)
        for file in known.sorted(by: { $0.used < $1.used }) where file.used < latest {
            guard total > limit else { break }
            try? FileManager.default.removeItem(at: file.url)
            total -= file.bytes
        }
    }
}
