internal import Foundation
import Synchronization

/// A new file that a body is written into; removed with the sink unless it was released.
final class UploadSink: Sendable {
    static let prefix = "upload-"

    private let url: URL
    private let descriptor: Descriptor
    private let isReleased = Atomic(false)

    /// Creates the file, and its folder if that is missing.
    ///
    /// - Parameter expected: The length in bytes, if known; throws at once if the device has less free space.
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

    /// Gives the file to the caller, who removes it.
    func release() -> URL {
        isReleased.store(true, ordering: .relaxed)
        return url
    }

    deinit { if !isReleased.load(ordering: .relaxed) { unlink(url.path) } }
}
