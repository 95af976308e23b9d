internal import Foundation
import Synchronization

/// A new file that a body is written into; removed unless it is released.
final class UploadSink: Sendable {
    static let prefix = "upload-"

    private let url: URL
    private let descriptor: Descriptor
    private let isReleased = Atomic(false)

    /// Makes the file, and its folder where that is missing.
    ///
    /// - Parameter expected: The length in bytes, where known; refused at once where the device has less room.
    init(folder: URL, expected: Int?) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let expected {
            var room = statvfs()
            if statvfs(folder.path, &room) == 0, UInt64(room.f_bavail) * UInt64(room.f_frsize) < UInt64(expected) {
                throw IOError(code: ENOSPC, doing: "write", path: folder.path)
            }
        }
        url = folder.appendingPathComponent(UploadSink.prefix + UUID().uuidString)
        descriptor = try Descriptor(creating: url.path)
    }

    func append(_ bytes: RawSpan) throws(IOError) { try descriptor.write(bytes) }

    /// Hands the file over; it is no longer removed from here.
    func release() -> URL {
        isReleased.store(true, ordering: .relaxed)
        return url
    }

    deinit { if !isReleased.load(ordering: .relaxed) { unlink(url.path) } }
}
