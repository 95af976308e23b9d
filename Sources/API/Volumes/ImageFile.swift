internal import Cryptography
internal import Foundation
internal import HTTP
internal import Text

/// What an image is read from: an upload, or a file or folder of this machine.
struct ImageFile: Sendable {
    let url: URL
    /// The size of the file, or of all files in the folder.
    let bytes: Int
    /// An upload is removed with its last reference.
    private let upload: UploadedFile?
    /// The paths of the folder's files, in the order of their bytes; `nil` for a file.
    private let paths: [String]?

    init(_ upload: UploadedFile) {
        (url, bytes, self.upload, paths) = (upload.url, upload.count, upload, nil)
    }

    /// A file or folder; `nil` for what is neither.
    init?(at url: URL) {
        guard let size = Self.size(of: url.path) else {
            guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: url.path) else { return nil }
            let files = paths.compactMap { path in Self.size(of: "\(url.path)/\(path)").map { (path, $0) } }
            self.paths = files.map(\.0).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            (self.url, bytes, upload) = (url, files.reduce(0) { $0 + $1.1 }, nil)
            return
        }
        (self.url, bytes, upload, paths) = (url, size, nil, nil)
    }

    /// Of a regular file; `nil` for anything else.
    private static func size(of path: String) -> Int? {
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(facts.st_size)
    }

    /// The hash in lower-case hexadecimal digits; of a folder that of the lines that `sha256sum` prints of its files, by
    /// their paths with `./` in front, in the order of their bytes.
    func sha256() throws -> String {
        guard let paths else { return try Self.sha256(of: url.path) }
        let hash = SHA256()
        for path in paths {
            let line = "\(try Self.sha256(of: "\(url.path)/\(path)"))  ./\(path)\n"
            hash.update(Data(line.utf8))
        }
        return hash.finalize().hexadecimal
    }

    private static func sha256(of path: String) throws -> String {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }
        let hash = SHA256()
        while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty { hash.update(chunk) }
        return hash.finalize().hexadecimal
    }
}
