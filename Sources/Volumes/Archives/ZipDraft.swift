internal import CZip
package import Foundation

/// A zip archive that is being written, in memory, by one thread; its files are not packed.
///
/// Equal files make equal archives: each is of the first day that there is in one.
package final class ZipDraft {
    private var archive: OpaquePointer?
    /// Where libzip writes to.
    private let target: OpaquePointer

    /// The first of January 1980, as archives count.
    private static let date: UInt16 = 0x21

    package init() throws(VolumeError) {
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let target = zip_source_buffer_create(nil, 0, 0, &error) else { throw Self.failed(&error) }
        guard let archive = zip_open_from_source(target, ZIP_TRUNCATE, &error) else {
            zip_source_free(target)
            throw Self.failed(&error)
        }
        zip_source_keep(target)
        (self.target, self.archive) = (target, archive)
    }

    deinit {
        if let archive { zip_discard(archive) }
        zip_source_free(target)
    }

    package func add(_ name: String, _ content: Data) throws(VolumeError) {
        guard let archive else { return }
        guard let file = Self.copy(of: content, for: archive) else { throw failure }
        let index = zip_file_add(archive, name, file, UInt32(ZIP_FL_ENC_UTF_8))
        guard index >= 0 else {
            zip_source_free(file)
            throw failure
        }
        guard zip_set_file_compression(archive, UInt64(index), ZIP_CM_STORE, 0) == 0,
            zip_file_set_dostime(archive, UInt64(index), 0, Self.date, 0) == 0
        else { throw failure }
    }

    /// Bytes that become libzip's, which reads them at the end.
    private static func copy(of content: Data, for archive: OpaquePointer) -> OpaquePointer? {
        guard let bytes = malloc(max(content.count, 1)) else { return nil }
        content.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: bytes, count: $0.count).copyMemory(from: $0) }
        if let file = zip_source_buffer(archive, bytes, UInt64(content.count), 1) { return file }
        free(bytes)
        return nil
    }

    /// The archive; nothing can be added after that.
    package func finish() throws(VolumeError) -> Data {
        guard let archive, zip_close(archive) == 0 else { throw failure }
        self.archive = nil
        var facts = zip_stat_t()
        zip_stat_init(&facts)
        guard zip_source_stat(target, &facts) == 0, zip_source_open(target) == 0 else { throw failure }
        defer { zip_source_close(target) }
        var bytes = Data(count: Int(facts.size))
        let count = bytes.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { zip_source_read(target, $0, UInt64(bytes.count)) } ?? 0
        }
        guard count == bytes.count else { throw failure }
        return bytes
    }

    private var failure: VolumeError {
        let reason = archive.map { String(cString: zip_strerror($0)) } ?? "it can't be read back"
        return .io("cannot write a zip archive: \(reason)")
    }

    private static func failed(_ error: UnsafeMutablePointer<zip_error_t>) -> VolumeError {
        .io("cannot write a zip archive: \(String(cString: zip_error_strerror(error)))")
    }
}
