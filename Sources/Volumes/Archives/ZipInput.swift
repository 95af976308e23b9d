internal import CZip

/// A file as libzip reads it: by position, so that nobody else's reading is disturbed.
///
/// What is read for the list of entries is bounded: libzip takes memory for whatever a file says that it lists.
final class ZipInput {
    private let file: OpenFile
    private var position = 0
    private var error = zip_error_t()
    /// Bytes that may be read yet; `nil` for any number.
    private var allowance: Int?
    /// Whether more was asked for than was allowed.
    private(set) var isExhausted = false

    init(_ file: OpenFile, allowance: Int) {
        self.file = file
        self.allowance = allowance
        zip_error_init(&error)
    }

    deinit { zip_error_fini(&error) }

    /// From here on as much is read as entries have.
    func lift() { allowance = nil }

    /// The archive that libzip makes of the file, which owns this input from then on.
    static func open(_ input: ZipInput) throws(VolumeError) -> OpaquePointer {
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        let owner = Unmanaged.passRetained(input)
        guard let source = zip_source_function_create(answerLibzip, owner.toOpaque(), &error)
        else {
            owner.release()
            throw .io("cannot open the zip archive: out of memory")
        }
        if let archive = zip_open_from_source(source, ZIP_RDONLY, &error) {
            input.lift()
            return archive
        }
        let reason = String(cString: zip_error_strerror(&error))
        let isExhausted = input.isExhausted
        zip_source_free(source)
        guard !isExhausted else { throw ZipArchive.tooMany }
        throw .malformed("the zip archive can't be read: \(reason); it may be cut off")
    }

    private static let supported = [
        ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
        ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
    ].reduce(Int64(0)) { $0 | 1 << Int64($1.rawValue) }

    fileprivate func answer(_ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
        switch command {
        case ZIP_SOURCE_SUPPORTS: return Self.supported
        case ZIP_SOURCE_OPEN:
            position = 0
            return 0
        case ZIP_SOURCE_CLOSE: return 0
        case ZIP_SOURCE_TELL: return Int64(position)
        case ZIP_SOURCE_READ: return read(UnsafeMutableRawBufferPointer(start: data, count: Int(clamping: length)))
        case ZIP_SOURCE_SEEK:
            guard let data else { return -1 }
            let found = zip_source_seek_compute_offset(UInt64(position), UInt64(file.size), data, length, &error)
            guard found >= 0 else { return -1 }
            position = Int(found)
            return 0
        case ZIP_SOURCE_STAT:
            guard let data, length >= MemoryLayout<zip_stat_t>.size else { return -1 }
            let facts = data.assumingMemoryBound(to: zip_stat_t.self)
            zip_stat_init(facts)
            facts.pointee.size = UInt64(file.size)
            facts.pointee.valid |= UInt64(ZIP_STAT_SIZE)
            return Int64(MemoryLayout<zip_stat_t>.size)
        case ZIP_SOURCE_ERROR:
            guard let data else { return -1 }
            return zip_error_to_data(&error, data, length)
        default:
            zip_error_set(&error, ZIP_ER_OPNOTSUPP, 0)
            return -1
        }
    }

    private func read(_ bytes: UnsafeMutableRawBufferPointer) -> Int64 {
        if let left = allowance {
            guard bytes.count <= left else {
                isExhausted = true
                zip_error_set(&error, ZIP_ER_MEMORY, 0)
                return -1
            }
            allowance = left - bytes.count
        }
        guard let count = try? file.readUp(at: position, into: bytes) else {
            zip_error_set(&error, ZIP_ER_READ, 0)
            return -1
        }
        position += count
        return Int64(count)
    }
}

/// What libzip calls.
private func answerLibzip(
    _ state: UnsafeMutableRawPointer?, _ data: UnsafeMutableRawPointer?, _ length: UInt64, _ command: zip_source_cmd_t
) -> Int64 {
    guard let state else { return -1 }
    let input = Unmanaged<ZipInput>.fromOpaque(state)
    guard command != ZIP_SOURCE_FREE else {
        input.release()
        return 0
    }
    return input.takeUnretainedValue().answer(command, data, length)
}
