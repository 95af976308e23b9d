internal import Foundation

/// An owned file descriptor, closed when its owner is destroyed.
struct Descriptor: ~Copyable, Sendable {
    let raw: CInt

    init(reading path: String) throws(IOError) {
        raw = OpenFiles.checked(open(path, O_RDONLY | O_CLOEXEC))
        guard raw >= 0 else { throw IOError(code: errno, doing: "open", path: path) }
    }

    /// Creates a file that must not exist yet, readable by its owner only.
    init(creating path: String) throws(IOError) {
        let created = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        raw = OpenFiles.checked(created)
        guard raw >= 0 else {
            let reason = errno
            if created >= 0 { unlink(path) }
            throw IOError(code: reason, doing: "create", path: path)
        }
    }

    deinit { if raw >= 0 { close(raw) } }

    /// Writes all of the bytes.
    func write(_ bytes: RawSpan) throws(IOError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(raw, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw IOError(code: count < 0 ? errno : ENOSPC, doing: "write", path: "") }
            rest = rest.extracting(droppingFirst: count)
        }
    }

    /// Reads a range; returns fewer bytes if the file ends before.
    func read(_ range: Range<Int>) throws(IOError) -> [UInt8] {
        var failure: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let count = pread(raw, rest.baseAddress, rest.count, range.lowerBound + filled)
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = errno }
                if count <= 0 { break }
                filled += count
            }
        }
        guard failure == 0 else { throw IOError(code: failure, doing: "read", path: "") }
        return bytes
    }

    /// The size of the file in bytes; throws if it is not a regular file.
    func size(of path: String) throws(IOError) -> Int {
        var status = stat()
        guard fstat(raw, &status) == 0 else { throw IOError(code: errno, doing: "examine", path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw IOError(code: EISDIR, doing: "read", path: path) }
        return Int(status.st_size)
    }

    /// A second descriptor of the same file, which the caller closes.
    func duplicate() throws(IOError) -> CInt {
        let copy = OpenFiles.checked(fcntl(raw, F_DUPFD_CLOEXEC, 0))
        guard copy >= 0 else { throw IOError(code: errno, doing: "open", path: "") }
        return copy
    }
}
