internal import Cryptography
internal import Foundation
internal import HTTP
internal import Text
internal import Volumes

/// What an image is read from: an upload, a file or folder of this machine, or a folder of a web server.
struct ImageFile: Sendable {
    private enum Place: Sendable {
        /// Removed with its last reference.
        case upload(UploadedFile)
        case file(URL, bytes: Int)
        /// With the paths of its files, in the order of their bytes.
        case folder(URL, [String], bytes: Int)
        case address(WebFolder, within: [WebFolder], pauses: [Double], isAbandoned: @Sendable () -> Bool)
    }

    private let place: Place

    init(_ upload: UploadedFile) { place = .upload(upload) }

    /// A file or folder; `nil` for what is neither.
    init?(at url: URL) {
        guard let size = Self.size(of: url.path) else {
            guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: url.path) else { return nil }
            let files = paths.compactMap { path in Self.size(of: "\(url.path)/\(path)").map { (path, $0) } }
            place = .folder(
                url, files.map(\.0).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
                bytes: files.reduce(0) { $0 + $1.1 })
            return
        }
        place = .file(url, bytes: size)
    }

    /// A folder of a web server, which is fetched unless the client of the current task has left.
    init(at address: WebFolder, within allowed: [WebFolder], pauses: [Double]) {
        place = .address(address, within: allowed, pauses: pauses, isAbandoned: Client.hasLeft)
    }

    /// Whether reading waits for another server.
    var isElsewhere: Bool { if case .address = place { true } else { false } }

    /// The word for its format.
    func format() throws -> String {
        switch place {
        case .upload(let upload): try VolumeFormat.word(for: upload.url)
        case .file(let url, _), .folder(let url, _, _): try VolumeFormat.word(for: url)
        case .address: VolumeFormat.wordForAddresses
        }
    }

    /// Reads it as a volume; `limits` are in bytes, of files and of voxels.
    func open(_ hints: VolumeHints, scratch: URL, limits: (files: Int, voxels: Int)) throws -> OpenedImage {
        let source = { (url: URL) in
            try openVolume(at: url, hints: hints, scratch: scratch, limit: limits.voxels)
        }
        switch place {
        case .upload(let upload):
            return OpenedImage(
                sha256: try Self.sha256(of: upload.url.path), source: try source(upload.url), bytes: upload.count)
        case .file(let url, let bytes):
            return OpenedImage(sha256: try Self.sha256(of: url.path), source: try source(url), bytes: bytes)
        case .folder(let url, let paths, let bytes):
            return OpenedImage(sha256: try Self.sha256(of: paths, in: url), source: try source(url), bytes: bytes)
        case .address(let folder, let allowed, let pauses, let isAbandoned):
            let hash = SHA256()
            var bytes = 0
            let reading = WebReading(
                allowed: allowed, limit: limits.files, pauses: pauses, isAbandoned: isAbandoned
            ) { line, part in
                hash.update(line.utf8)
                hash.update(part)
                bytes += part.count
            }
            let source = try openVolume(
                at: folder, reading: reading, hints: hints, scratch: scratch, limit: limits.voxels)
            return OpenedImage(sha256: hash.finalize().hexadecimal, source: source, bytes: bytes)
        }
    }

    /// Of a regular file; `nil` for anything else.
    private static func size(of path: String) -> Int? {
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(facts.st_size)
    }

    /// Of the lines that `sha256sum` prints of a folder's files, by their paths with `./` in front.
    private static func sha256(of paths: [String], in folder: URL) throws -> String {
        let hash = SHA256()
        for path in paths {
            let line = "\(try Self.sha256(of: "\(folder.path)/\(path)"))  ./\(path)\n"
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

/// An image file that can be read as a volume.
struct OpenedImage {
    /// In lower-case hexadecimal digits: of the file; of a folder of a list of its files; of a folder elsewhere of what
    /// was read.
    let sha256: String
    let source: any VoxelSource
    /// The size of the file, or of all files in the folder that were there, or were read.
    let bytes: Int
}
