internal import CZlib

/// The unpacked content of a gzip or zlib stream inside a file, read from front to back.
final class InflatedStream {
    private let file: OpenFile
    private var position: Int
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var ended = false

    /// The stream begins at a position of the file; whether it is gzip or zlib follows from its header.
    init(_ file: OpenFile, at position: Int = 0) throws(VolumeError) {
        self.file = file
        self.position = position
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: 1 << 17, alignment: 16)
        let status = inflateInit2_(stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .io("zlib could not be set up (error \(status))") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Fills the memory up to the end of the content; returns the number of bytes.
    ///
    /// Checksums are verified where the content ends.
    func read(into bytes: UnsafeMutableRawBufferPointer) throws(VolumeError) -> Int {
        var done = 0
        while done < bytes.count && !ended {
            try refill()
            let room = min(bytes.count - done, 1 << 30)
            stream.pointee.next_out = bytes.baseAddress?.advanced(by: done).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            let status = inflate(stream, Z_NO_FLUSH)
            done += room - Int(stream.pointee.avail_out)
            switch status {
            case Z_OK: continue
            case Z_STREAM_END: try finishMember()
            case Z_BUF_ERROR: throw .malformed("the compressed data end too early; the file is cut off")
            default: throw .malformed("the compressed data are damaged (\(reason(status)))")
            }
        }
        return done
    }

    private func refill() throws(VolumeError) {
        guard stream.pointee.avail_in == 0 else { return }
        let count = try file.readUp(at: position, into: input)
        position += count
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
    }

    /// A gzip file may continue with another member; anything else after a member is padding.
    private func finishMember() throws(VolumeError) {
        let next = try file.bytes(at: position - Int(stream.pointee.avail_in), upTo: 2)
        guard next == [0x1f, 0x8b] else {
            ended = true
            return
        }
        guard inflateReset(stream) == Z_OK else { throw .io("zlib could not continue with the next gzip member") }
    }

    private func reason(_ status: Int32) -> String {
        stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)"
    }
}
