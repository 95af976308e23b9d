internal import Foundation
internal import JSON

/// A hierarchy of Zarr on a web server, whose files can be asked for by name and not be listed.
///
/// Used by one thread.
final class WebZarrStore: ZarrStore {
    private let folder: WebFolder
    private let reading: WebReading
    private let reader: WebReader
    /// Files that are on their way.
    private var begun: [String: WebTransfer] = [:]
    private var documents: [String: [UInt8]?] = [:]
    private var documentBytes = 0
    /// A document that the server doesn't show: as some do it with what is not there.
    private var refused: String?
    /// Bytes that were read.
    private var count = 0

    /// Seconds for one file.
    private static let patience = 3600
    private static let mostDocumentBytes = 64 << 20
    /// Bytes that are asked for ahead.
    private static let ahead = 64 << 20

    init(_ folder: WebFolder, _ reading: WebReading) {
        self.folder = folder
        self.reading = reading
        reader = WebReader(within: reading.allowed)
    }

    deinit { for transfer in begun.values { transfer.stop(.failed("")) } }

    var words: String {
        "the address \(folder)" + (refused.map { " (which answers 403 to \($0))" } ?? "")
    }

    func countAhead(of bytes: Int) -> Int { max(1, min(8, Self.ahead / max(bytes, 1))) }

    func begin(_ key: String, atMost limit: Int) {
        guard begun[key] == nil, let url = folder.url(of: key) else { return }
        begun[key] = reader.begin(url, atMost: limit)
    }

    func bytes(_ key: String, atMost limit: Int) throws(VolumeError) -> [UInt8]? {
        guard ZarrDocument(rawValue: String(key.split(separator: "/").last ?? "")) != nil else {
            return try fetched(key, atMost: limit)?.bytes
        }
        if let known = documents[key] { return known }
        let bytes = try fetched(key, atMost: limit, isDocument: true)?.bytes
        documentBytes += bytes?.count ?? 0
        if documentBytes <= Self.mostDocumentBytes { documents[key] = .some(bytes) }
        return bytes
    }

    func file(_ key: String, scratch: URL) throws(VolumeError) -> OpenFile? {
        let target = try ScratchFile(in: scratch)
        let room = FreeSpace.bytes(at: scratch) ?? .max
        let writable = try target.reopen()
        guard try fetched(key, atMost: room, to: writable) != nil else { return nil }
        let file = try target.reopen()
        for position in stride(from: 0, to: file.size, by: 1 << 20) {
            reading.note("", try file.bytes(at: position, upTo: 1 << 20))
        }
        return file
    }

    func nodes() throws(VolumeError) -> [String] {
        if let listed = try listed() { return listed }
        var found = [""]
        guard case .group? = try node(at: "") else { return found }
        let attributes = try node(at: "")?.attributes ?? .null
        // Of a plate the wells, and of these the fields.
        for well in (attributes["plate"]["wells"].list ?? []).prefix(24) {
            let path = try ZarrPath.checked(well["path"].word ?? "")
            let images = try node(at: path)?.attributes["well"]["images"].list ?? []
            for image in images.prefix(24) { found.append(try ZarrPath.joined(path, image["path"].word ?? "")) }
        }
        // bioformats2raw numbers its images.
        if attributes["bioformats2raw.layout"] != .null {
            for number in 0..<100 {
                guard try node(at: "\(number)") != nil else { break }
                found.append("\(number)")
            }
        }
        return found
    }

    /// The nodes that its consolidated metadata name; `nil` without such.
    private func listed() throws(VolumeError) -> [String]? {
        var paths: Set<String> = []
        if let text = try document(.node, at: "") {
            guard case .object(let nodes) = text.json["consolidated_metadata"]["metadata"] else { return nil }
            paths = Set(nodes.members.map(\.name)).union([""])
        } else if let bytes = try fetched(".zmetadata", atMost: ZarrDocument.longest, isDocument: true)?.bytes {
            guard case .object(let nodes) = try ZarrText(bytes, ".zmetadata").json["metadata"] else { return nil }
            for member in nodes.members {
                paths.insert(member.name.split(separator: "/").dropLast().joined(separator: "/"))
            }
        } else {
            return nil
        }
        return Array(paths.sorted { ($0.count, $0) < ($1.count, $1) }.prefix(1000))
    }

    /// A file, whose bytes are with it or in `target`; `nil` if there is none.
    private func fetched(
        _ key: String, atMost limit: Int, isDocument: Bool = false, to target: OpenFile? = nil
    ) throws(VolumeError) -> (bytes: [UInt8], count: Int)? {
        guard let url = folder.url(of: key) else { throw .unsupported("\(key) has a name that no address has") }
        let most = min(limit, reading.limit - count)
        for pause in reading.pauses.map(Optional.some) + [nil] {
            let transfer: WebTransfer
            if let known = begun.removeValue(forKey: key) {
                transfer = known
            } else {
                transfer = reader.begin(url, atMost: most, to: try target?.duplicate())
            }
            let outcome = transfer.outcome(within: Self.patience, unless: reading.isAbandoned)
            if let pause, outcome.isPassing, !reading.isAbandoned() {
                Thread.sleep(forTimeInterval: pause)
                continue
            }
            switch outcome {
            case .whole(let bytes, let count):
                guard count <= most else { throw tooLong(url, most) }
                self.count += count
                reading.note("\(key) \(count)\n", bytes)
                return (bytes, count)
            case .status(404): return nil
            case .status(403) where isDocument:
                refused = refused ?? key
                return nil
            case .tooLong where target != nil && most == limit:
                throw .full("\(url.absoluteString) has more bytes than the disk has room for")
            case .tooLong: throw tooLong(url, most)
            default: throw outcome.error(url)
            }
        }
        return nil
    }

    private func tooLong(_ url: URL, _ most: Int) -> VolumeError {
        let all = reading.limit - count
        return .tooLarge(
            "\(url.absoluteString) has more than \(most) bytes"
                + (most == all ? ", with which all files are more than the \(reading.limit) that may be sent" : ""))
    }
}

extension WebTransfer.Outcome {
    /// Whether it may be another one a little later.
    fileprivate var isPassing: Bool {
        switch self {
        case .failed: true
        case .status(let status): [408, 429, 500, 502, 503, 504].contains(status)
        case .whole, .sentTo, .tooLong: false
        }
    }

    /// The error that it is.
    fileprivate func error(_ url: URL) -> VolumeError {
        let place = url.absoluteString
        switch self {
        case .failed(let reason): return .remote("\(place) can't be fetched: \(reason)")
        case .status(let status) where status >= 500 || status == 429:
            return .remote("\(place) can't be fetched: its server answers \(status)")
        case .status(let status) where [401, 403].contains(status):
            return .unsupported("\(place) is not to be had by everybody: its server answers \(status)")
        case .status(let status): return .unsupported("\(place) can't be fetched: its server answers \(status)")
        case .sentTo(let other):
            return .unsupported(
                "\(place) leads to \(other), which is in none of the folders that may be read (import.roots)")
        case .whole, .tooLong: return .io("\(place) can't be fetched")
        }
    }
}
