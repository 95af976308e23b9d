package import Foundation
import Synchronization

/// A request body on disk; the file is removed with the last reference unless it was moved away.
package final class UploadedFile: Sendable {
    package let url: URL
    /// In bytes.
    package let count: Int
    private let memory: BodyMemory?
    /// The part of the memory for bodies that it takes once it is read whole.
    private let share = Mutex<BodyMemory.Share?>(nil)

    /// Takes ownership of a file.
    init(url: URL, count: Int, memory: BodyMemory? = nil) {
        self.url = url
        self.count = count
        self.memory = memory
    }

    /// Writes bytes to a new file in a folder.
    package convenience init(_ bytes: [UInt8], in folder: URL) throws {
        let sink = try UploadSink(folder: folder, expected: bytes.count)
        try sink.append(bytes.span.bytes)
        self.init(url: sink.release(), count: bytes.count)
    }

    /// The whole file in memory.
    ///
    /// - Throws: 503 if bodies take too much memory now.
    func bytes() throws -> [UInt8] {
        try share.withLock { share in
            if share == nil { share = try memory?.share(of: count) }
        }
        return try Descriptor(reading: url.path).read(0..<count)
    }

    /// Calls a function with the bytes of the file, piece by piece.
    func read(_ next: ([UInt8]) throws -> Void) throws {
        let file = try Descriptor(reading: url.path)
        let length = 1 << 18
        for start in stride(from: 0, to: count, by: length) {
            try next(try file.read(start..<min(start + length, count)))
        }
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
