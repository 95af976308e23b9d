internal import Foundation

/// A file open for reading at any position from any thread; closed when its last owner releases it.
final class OpenFile: Sendable {
    private let descriptor: Int32
    /// In bytes, at the time of opening.
    let size: Int

    convenience init(_ url: URL) throws(VolumeError) {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .io("cannot open \(url.lastPathComponent): \(lastSystemError())") }
        try self.init(owning: descriptor)
    }

    /// Takes ownership of a readable descriptor.
    init(owning descriptor: Int32) throws(VolumeError) {
        self.descriptor = descriptor
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            size = 0
            throw .io("cannot read a file's size: \(lastSystemError())")
        }
        size = Int(status.st_size)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .io("only regular files can be read") }
    }

    deinit { close(descriptor) }

    /// A second descriptor of the same file, which the caller closes.
    func duplicate() throws(VolumeError) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .io("cannot open a file a second time: \(lastSystemError())") }
        return copy
    }

    /// Fills the memory from a position; a file that ends too early is an error.
    func read(at position: Int, into bytes: UnsafeMutableRawBufferPointer) throws(VolumeError) {
        let count = try readUp(at: position, into: bytes)
        guard count == bytes.count else {
            throw .io("the file ends at byte \(position + count), \(bytes.count - count) bytes too early")
        }
    }

    /// Fills the memory up to the end of the file; returns the number of bytes read.
    func readUp(at position: Int, into bytes: UnsafeMutableRawBufferPointer) throws(VolumeError) -> Int {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(position + done))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .io("reading failed: \(lastSystemError())") }
            guard count > 0 else { break }
            done += count
        }
        return done
    }

    /// Up to `count` bytes from a position.
    func bytes(at position: Int, upTo count: Int) throws(VolumeError) -> [UInt8] {
        let room = max(min(count, size - position), 0)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 1)
        defer { buffer.deallocate() }
        let read = try readUp(at: position, into: buffer)
        return [UInt8](buffer[..<read])
    }
}

/// The message for the current `errno`.
func lastSystemError() -> String { String(cString: strerror(errno)) }

extension VolumeError {
    /// The error of a failed write, from `errno`.
    static func writing(_ what: String) -> VolumeError {
        let code = errno
        let reason = "\(what): \(String(cString: strerror(code)))"
        return [ENOSPC, EDQUOT, EFBIG].contains(code) ? .full(reason) : .io(reason)
    }
}
