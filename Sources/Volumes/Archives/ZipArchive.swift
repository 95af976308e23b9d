internal import CZip
package import Foundation
internal import Text

/// A zip archive whose entries are read one at a time, by one thread.
///
/// An archive in which a name could mean two entries, or leads out of it, and one that is encrypted are refused as a whole.
package final class ZipArchive {
    /// A file in the archive.
    package struct Entry: Hashable, Sendable {
        /// Its path, with strokes between folders.
        package let name: String
        let index: Int
        /// Unpacked, as the archive promises; no more is ever unpacked.
        package let size: Int
    }

    /// In the order of the archive, without folders.
    package let entries: [Entry]

    private let archive: OpaquePointer

    /// The most files that an archive may have.
    private static let mostEntries = 1_000_000
    /// The most bytes that are read for the list of its entries.
    private static let longestList = 128 << 20

    /// Whether a file that begins like this is a zip archive.
    package static func recognises(_ start: [UInt8]) -> Bool {
        start.starts(with: [0x50, 0x4b, 0x03, 0x04]) || start.starts(with: [0x50, 0x4b, 0x05, 0x06])
    }

    package convenience init(at url: URL) throws(VolumeError) { try self.init(OpenFile(url)) }

    init(_ file: OpenFile) throws(VolumeError) {
        archive = try ZipInput.open(ZipInput(file, allowance: Self.longestList))
        let count = zip_get_num_entries(archive, 0)
        do throws(VolumeError) {
            guard count <= Self.mostEntries else { throw Self.tooMany }
            entries = try Self.entries(of: archive, count: Int(count))
        } catch {
            zip_discard(archive)
            throw error
        }
    }

    deinit { zip_discard(archive) }

    static var tooMany: VolumeError {
        .tooLarge(
            "the zip archive has more than \(mostEntries.grouped) files, or a list of them beyond "
                + "\(longestList.grouped) bytes; no more are read")
    }

    private static func entries(of archive: OpaquePointer, count: Int) throws(VolumeError) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        var names: Set<String> = []
        for index in 0..<count {
            var facts = zip_stat_t()
            zip_stat_init(&facts)
            guard zip_stat_index(archive, UInt64(index), 0, &facts) == 0, let text = facts.name,
                facts.valid & UInt64(ZIP_STAT_SIZE) != 0
            else { throw .malformed("entry \(index) of the zip archive can't be read: \(reason(archive))") }
            let name = String(cString: text)
            try check(name, facts)
            guard !name.hasSuffix("/") else { continue }
            guard names.insert(name).inserted else {
                throw .malformed("the zip archive has \(shown(name)) twice; make it anew")
            }
            entries.append(Entry(name: name, index: index, size: Int(clamping: facts.size)))
        }
        return entries
    }

    private static func check(_ name: String, _ facts: zip_stat_t) throws(VolumeError) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.hasPrefix("/"), !parts.contains("..") else {
            throw .malformed(
                "the zip archive has \(shown(name)), which leads out of it; make it from within the folder that is packed"
            )
        }
        guard facts.encryption_method == ZIP_EM_NONE else {
            throw .unsupported("\(shown(name)) in the zip archive is encrypted; pack it without a password")
        }
    }

    /// All bytes of an entry, which may have at most this many.
    package func bytes(of entry: Entry, atMost limit: Int) throws(VolumeError) -> [UInt8] {
        guard entry.size <= limit else {
            throw .tooLarge(
                "\(Self.shown(entry.name)) in the zip archive has \(entry.size.grouped) bytes; at most \(limit.grouped) "
                    + "are read")
        }
        var bytes: [UInt8] = []
        try read(entry) { part in bytes.append(contentsOf: part) }
        return bytes
    }

    /// The first bytes of an entry, as many as there are of the wanted ones.
    package func start(of entry: Entry, upTo count: Int) throws(VolumeError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(entry, upTo: count) { part in bytes.append(contentsOf: part) }
        return bytes
    }

    /// Appends all bytes of an entry to a file.
    func copy(_ entry: Entry, to target: borrowing ScratchFile) throws(VolumeError) {
        // A file that can't be copied can't be captured by a closure either.
        let buffer = Self.buffer()
        defer { buffer.deallocate() }
        let reader = try ZipEntryReader(archive, entry)
        while let part = try reader.next(into: buffer) { try target.append(part) }
    }

    private func read(
        _ entry: Entry, upTo limit: Int = .max, take: (UnsafeRawBufferPointer) -> Void
    ) throws(VolumeError) {
        let buffer = Self.buffer()
        defer { buffer.deallocate() }
        let reader = try ZipEntryReader(archive, entry)
        var left = limit
        while left > 0, let part = try reader.next(into: buffer) {
            take(UnsafeRawBufferPointer(rebasing: part.prefix(left)))
            left -= min(part.count, left)
        }
    }

    private static func buffer() -> UnsafeMutableRawBufferPointer { .allocate(byteCount: 1 << 18, alignment: 16) }

    private static func reason(_ archive: OpaquePointer) -> String { String(cString: zip_strerror(archive)) }

    /// A name as messages quote it.
    static func shown(_ name: String) -> String { "\"\(name.prefix(120))\"" }
}
