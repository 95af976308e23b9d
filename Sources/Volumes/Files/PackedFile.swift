internal import Foundation

/// A file that may be gzipped as a whole; its content is read the same way in both cases.
struct PackedFile {
    let file: OpenFile
    let isGzipped: Bool
    /// The first bytes of the content, up to 64 kB: enough to recognise its format.
    let start: [UInt8]
    /// The folder for unpacked content.
    let scratch: URL
    /// The most bytes that may be unpacked.
    let limit: Int

    init(_ url: URL, scratch: URL, limit: Int = .max) throws(VolumeError) {
        file = try OpenFile(url)
        self.scratch = scratch
        self.limit = limit
        let first = try file.bytes(at: 0, upTo: 1 << 16)
        isGzipped = first.starts(with: [0x1f, 0x8b])
        start = isGzipped ? try Self.unpackedStart(of: file) : first
        guard !first.isEmpty else { throw .malformed("the file is empty") }
    }

    /// The content as a file of at least `count` bytes, as its header requires; unpacks no more than that.
    func content(_ count: Int) throws(VolumeError) -> OpenFile {
        guard isGzipped else {
            guard file.size >= count else { throw Self.tooShort(has: file.size, needs: count) }
            return file
        }
        return try Self.unpack(InflatedStream(file), count, scratch: scratch, limit: limit)
    }

    /// A compressed stream inside the content, unpacked to a file of exactly `count` bytes.
    func inflated(at position: Int, _ count: Int) throws(VolumeError) -> OpenFile {
        guard !isGzipped else {
            throw .unsupported("the file is compressed twice; send it without gzip around it")
        }
        return try Self.unpack(InflatedStream(file, at: position), count, scratch: scratch, limit: limit)
    }

    /// The most bytes that a header of text may have: room for thousands of named segments.
    static let longestHeader = 16 << 20

    /// Parses a header of text from the first bytes, and from ever more of them while they do not hold its end.
    ///
    /// `parse` returns `nil` if the header doesn't end within the bytes that it is given.
    func header<Header>(
        _ name: String, endingWith end: String, parse: ([UInt8]) throws(VolumeError) -> Header?
    ) throws(VolumeError) -> Header {
        var bytes = start
        var count = bytes.count
        while true {
            if let header = try parse(bytes) { return header }
            guard bytes.count == count, count < Self.longestHeader else { break }
            count = min(count * 16, Self.longestHeader)
            bytes =
                isGzipped ? try Self.unpackedStart(of: file, upTo: count) : try file.bytes(at: 0, upTo: count)
        }
        throw .malformed(
            "the \(name) header has no \(end) within its first \(bytes.count) bytes"
                + (bytes.count < Self.longestHeader ? ", which are all of the file" : ", the most that are read"))
    }

    private static func unpackedStart(
        of file: OpenFile, upTo limit: Int = 1 << 16
    ) throws(VolumeError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: limit, alignment: 1)
        defer { buffer.deallocate() }
        let count = try InflatedStream(file).read(into: buffer)
        return [UInt8](buffer[..<count])
    }

    private static func unpack(
        _ stream: InflatedStream, _ count: Int, scratch: URL, limit: Int
    ) throws(VolumeError) -> OpenFile {
        guard count <= limit else {
            throw .tooLarge("the file unpacks to \(count) bytes; at most \(limit) are allowed")
        }
        if let room = FreeSpace.bytes(at: scratch), room < count {
            throw .full("the file unpacks to \(count) bytes; the disk has less free space")
        }
        let target = try ScratchFile(in: scratch)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var done = 0
        while done < count {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, count - done)])
            let read = try stream.read(into: part)
            guard read > 0 else { throw tooShort(has: done, needs: count) }
            try target.append(UnsafeRawBufferPointer(rebasing: part[..<read]))
            done += read
        }
        // Reading one more byte verifies the checksum that follows the last one; anything else is padding.
        _ = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<1]))
        return try target.reopen()
    }

    private static func tooShort(has: Int, needs: Int) -> VolumeError {
        .malformed("the file is cut off: its header requires \(needs) bytes, it has \(has)")
    }
}
