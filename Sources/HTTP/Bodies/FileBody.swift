package import Foundation
import Synchronization

/// An open file, or a part of it, as the body of a reply.
package struct FileBody: Sendable {
    /// The open file; closed, and removed if `delete` is set, with its last reference.
    private final class Source: Sendable {
        let descriptor: Descriptor
        /// What the connection gets; opened with the other, so that a lack of descriptors is met before the reply begins.
        private let spare: Mutex<CInt?>
        let url: URL
        let delete: Bool

        init(_ url: URL, delete: Bool) throws(IOError) {
            do {
                descriptor = try Descriptor(reading: url.path)
                spare = Mutex(try descriptor.duplicate())
            } catch {
                if delete { unlink(url.path) }
                throw error
            }
            self.url = url
            self.delete = delete
        }

        func takeSpare() -> CInt? { spare.withLock { $0.take() } }

        deinit {
            if let descriptor = takeSpare() { close(descriptor) }
            if delete { unlink(url.path) }
        }
    }

    private let source: Source
    /// The bytes to send.
    package var range: Range<Int>

    /// Opens a regular file.
    package init(_ url: URL, delete: Bool = false) throws(IOError) {
        source = try Source(url, delete: delete)
        range = 0..<(try source.descriptor.size(of: url.path))
    }

    package func bytes() throws(IOError) -> [UInt8] { try source.descriptor.read(range) }

    /// Some of the file's bytes; fewer if the file ends before.
    package func bytes(in range: Range<Int>) throws(IOError) -> [UInt8] { try source.descriptor.read(range) }

    /// A descriptor, which the caller closes.
    func descriptor() -> CInt? { source.takeSpare() ?? (try? source.descriptor.duplicate()) }
}
