internal import Cryptography
internal import Foundation
internal import Text

/// Files made for downloads, kept by what they contain, so that a second download or a part of one costs nothing.
///
/// The least recently used go first when there are more than `limit` bytes; one that was used a moment ago stays.
/// They are not synced to the disk, so whoever starts anew must empty the folder before.
actor ExportCache {
    /// A file that is ready to be sent.
    struct Export: Sendable {
        var url: URL
        /// Differs whenever the bytes do.
        var tag: String
    }

    private let folder: URL
    private let limit: Int
    private let work: BlockingWork
    /// Those who wait for a file that somebody else is making.
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
    private static let grace: TimeInterval = 30

    /// What a file was made of, and goes with.
    enum Owner: Sendable {
        case volume(Int64)
        case model(Int64)

        fileprivate var prefix: String {
            switch self {
            case .volume(let id): "v\(id)-"
            case .model(let id): "m\(id)-"
            }
        }
    }

    init(folder: URL, limit: Int, work: BlockingWork) {
        self.folder = folder
        self.limit = limit
        self.work = work
    }

    /// The file with the content that `identity` stands for, made by `write` unless it is there.
    ///
    /// `identity` must differ whenever the content does; `write` gets the place where the file shall be, which has
    /// the ending `fileExtension`, and runs on a thread that may block.
    func export(
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
        try await work.run {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let part = folder.appending(path: "part-\(UUID().uuidString).\(fileExtension)")
            defer { try? FileManager.default.removeItem(at: part) }
            try write(part)
            _ = try? FileManager.default.removeItem(at: url)
            try FileManager.default.moveItem(at: part, to: url)
            Self.evict(in: folder, limit: limit)
        }
        return Export(url: url, tag: tag)
    }

    /// Gives back the space of what was made of something that is gone.
    func remove(_ owners: [Owner]) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where owners.contains(where: { name.hasPrefix($0.prefix) }) {
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }

    /// A short text for what an identity stands for, good as an entity tag and a file's name.
    static func tag(_ identity: [String]) -> String {
        let hash = SHA256()
        for part in identity {
            hash.update(part.utf8)
            hash.update([0])
        }
        return hash.finalize().prefix(16).hexadecimal
    }

    /// Notes that a file was used; false if there is none.
    private func touch(_ url: URL) -> Bool {
        let now: [FileAttributeKey: Any] = [.modificationDate: Date()]
        return (try? FileManager.default.setAttributes(now, ofItemAtPath: url.path)) != nil
    }

    /// Deletes what was used longest ago until the rest fits.
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
