package import Foundation

/// A request body on disk; the file is removed with the last reference unless it was moved away.
package final class UploadedFile: Sendable {
    package let url: URL
    /// In bytes.
    package let count: Int

    /// Takes ownership of a file.
    package init(url: URL, count: Int) {
        self.url = url
        self.count = count
    }

    /// Writes bytes to a new file in a folder.
    package convenience init(_ bytes: [UInt8], in folder: URL) throws {
        let sink = try UploadSink(folder: folder, expected: bytes.count)
        try sink.append(bytes.span.bytes)
        self.init(url: sink.release(), count: bytes.count)
    }

    /// Renames it within the file system; the caller then owns the file.
    package func move(to destination: URL) throws {
        guard rename(url.path, destination.path) == 0 else {
            throw IOError(code: errno, doing: "rename", path: destination.path)
        }
    }

    /// Removes uploads that a crash left in a folder; to be called before serving.
    package static func removeLeftovers(in folder: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where name.hasPrefix(UploadSink.prefix) {
            unlink(folder.appendingPathComponent(name).path)
        }
    }

    deinit { unlink(url.path) }
}
