internal import CZip
internal import Text

/// The unpacked bytes of a zip archive's entry, from front to back.
///
/// They are as many as the archive promises, with the checksum that it has for them, or an error.
final class ZipEntryReader {
    private let entry: ZipArchive.Entry
    private let stream: OpaquePointer
    private var left: Int

    init(_ archive: OpaquePointer, _ entry: ZipArchive.Entry) throws(VolumeError) {
        guard let stream = zip_fopen_index(archive, UInt64(entry.index), 0) else {
            let code = zip_error_code_zip(zip_get_error(archive))
            let name = ZipArchive.shown(entry.name)
            guard code != ZIP_ER_COMPNOTSUPP else {
                throw .unsupported(
                    "\(name) in the zip archive is packed in a way that is not known; pack it with deflate, or not at all"
                )
            }
            throw .malformed("\(name) in the zip archive can't be read: \(String(cString: zip_strerror(archive)))")
        }
        self.entry = entry
        self.stream = stream
        left = entry.size
    }

    deinit { zip_fclose(stream) }

    /// The next bytes, which lie in the buffer; `nil` where the entry ends.
    func next(into buffer: UnsafeMutableRawBufferPointer) throws(VolumeError) -> UnsafeRawBufferPointer? {
        guard let room = buffer.baseAddress else { return nil }
        let count = zip_fread(stream, room, UInt64(buffer.count))
        guard count >= 0 else {
            throw .malformed("\(name) in the zip archive is damaged: \(String(cString: zip_file_strerror(stream)))")
        }
        guard count <= left, count > 0 || left == 0 else {
            throw .malformed(
                "\(name) in the zip archive does not have the \(entry.size.grouped) bytes that its list says")
        }
        left -= Int(count)
        return count == 0 ? nil : UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)])
    }

    private var name: String { ZipArchive.shown(entry.name) }
}
