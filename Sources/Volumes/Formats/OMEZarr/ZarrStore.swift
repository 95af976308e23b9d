internal import Foundation

/// Where the documents and chunks of a hierarchy of Zarr are, by keys such as `0/.zarray`.
protocol ZarrStore {
    /// What is said of it in messages: "the zip archive".
    var words: String { get }
    /// The bytes of a key, which may have at most this many; `nil` if there is none.
    func bytes(_ key: String, atMost limit: Int) throws(VolumeError) -> [UInt8]?
    /// What a key has as a file that can be read anywhere; `nil` if there is none.
    ///
    /// A packed one is copied to an unnamed file in `scratch`.
    func file(_ key: String, scratch: URL) throws(VolumeError) -> OpenFile?
    /// The paths of groups and arrays, at most about a thousand, the root's first.
    func nodes() throws(VolumeError) -> [String]
    /// How many keys of about so many bytes are worth beginning before they are read.
    func countAhead(of bytes: Int) -> Int
    /// Says that a key will be read, so that it may be fetched meanwhile.
    func begin(_ key: String, atMost limit: Int)
}

extension ZarrStore {
    func countAhead(of bytes: Int) -> Int { 0 }

    func begin(_ key: String, atMost limit: Int) {}
}

/// The names of the documents of groups and arrays.
enum ZarrDocument: String, CaseIterable {
    /// Of format 3.
    case node = "zarr.json"
    /// Of format 2.
    case group = ".zgroup"
    case attributes = ".zattrs"
    case array = ".zarray"

    /// In bytes.
    static let longest = 16 << 20

    /// Its key at a node.
    func key(at path: String) -> String { path.isEmpty ? rawValue : "\(path)/\(rawValue)" }
}

extension ZarrStore {
    /// A document of a node; `nil` if there is none.
    func document(_ document: ZarrDocument, at path: String) throws(VolumeError) -> ZarrText? {
        let key = document.key(at: path)
        return try bytes(key, atMost: ZarrDocument.longest).map { bytes throws(VolumeError) in try ZarrText(bytes, key)
        }
    }
}
