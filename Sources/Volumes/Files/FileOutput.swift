internal import CZlib
internal import Foundation

/// A file written from front to back, gzipped or not, under a temporary name until it is complete.
final class FileOutput {
    private let url: URL
    private let partial: URL
    /// zlib's buffered writer, which in mode "T" writes bytes uncompressed; `nil` once closed.
    private var stream: gzFile?

    init(_ url: URL, gzip: Bool) throws(VolumeError) {
        self.url = url
        let name = ".\(url.lastPathComponent).\(UUID().uuidString).part"
        partial = url.deletingLastPathComponent().appendingPathComponent(name)
        let descriptor = open(partial.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .writing("cannot write \(url.lastPathComponent)") }
        guard let stream = gzdopen(descriptor, gzip ? "wb1" : "wbT") else {
            close(descriptor)
            throw .io("cannot write \(url.lastPathComponent): out of memory")
        }
        gzbuffer(stream, 1 << 18)
        self.stream = stream
    }

    deinit {
        guard let stream else { return }
        gzclose_w(stream)
        unlink(partial.path)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(VolumeError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            guard gzwrite(stream, part.baseAddress, UInt32(part.count)) == Int32(part.count) else { throw failure }
            rest = rest.dropFirst(part.count)
        }
    }

    /// Writes the remaining bytes and gives the file its name.
    func finish() throws(VolumeError) {
        guard let stream else { return }
        self.stream = nil
        guard gzclose_w(stream) == Z_OK, rename(partial.path, url.path) == 0 else {
            let failure = failure
            unlink(partial.path)
            throw failure
        }
    }

    private var failure: VolumeError {
        .writing("writing \(url.lastPathComponent) failed")
    }
}
