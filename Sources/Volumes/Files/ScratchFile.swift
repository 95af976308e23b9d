internal import Foundation

/// A file without a name, which the system removes once it is closed, even if the process is killed.
struct ScratchFile: ~Copyable {
    private let descriptor: Int32

    init(in folder: URL) throws(VolumeError) {
        let url = folder.appendingPathComponent("slicewise-\(UUID().uuidString).tmp")
        descriptor = open(url.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .writing("cannot make a temporary file") }
        unlink(url.path)
    }

    deinit { close(descriptor) }

    func append(_ bytes: UnsafeRawBufferPointer) throws(VolumeError) {
        var done = 0
        while done < bytes.count {
            let count = write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .writing("writing a temporary file failed") }
            done += count
        }
    }

    func append(_ bytes: [UInt8]) throws(VolumeError) {
        var failure: VolumeError?
        bytes.withUnsafeBytes { bytes in
            do throws(VolumeError) {
                try append(bytes)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Writes at a position, beyond the end too: what is never written is 0.
    func put(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(VolumeError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(position + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .writing("writing a temporary file failed") }
            done += count
        }
    }

    /// The same file for reading; it exists until that is closed too.
    func reopen() throws(VolumeError) -> OpenFile {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .io("cannot read a temporary file back: \(lastSystemError())") }
        return try OpenFile(owning: copy)
    }
}
